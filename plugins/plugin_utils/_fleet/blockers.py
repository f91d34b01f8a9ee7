# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What blocks a host before OCP's requirements are considered. Pure."""

from __future__ import annotations

from functools import partial

from ...module_utils._blockers.texts import blocker as _blocker

#: As in _blockers: found, needed, cure. docs/fleet.md shows them as a table.
TEXTS = {
    "invalid_variable": (
        "{problems}",
        "valid values",
        "Correct the variables of this host.",
    ),
    "no_cluster": (
        "neither obproxy_cluster nor obproxy_cluster_id is set",
        "the OBProxy cluster that should manage the proxy",
        "Set one of the two, for the host, for its group or for the run.",
    ),
    "cluster_not_in_ocp": (
        "OCP has no OBProxy cluster {wanted}",
        "one of the existing clusters: {known}",
        "Correct obproxy_cluster or obproxy_cluster_id, or create the cluster in OCP first.",
    ),
    "cluster_ambiguous": (
        "{wanted} matches several OBProxy clusters in OCP",
        "exactly one",
        "Set only obproxy_cluster_id.",
    ),
    "listed_twice": (
        "the inventory hosts {hosts} are the same proxy: port {port} of {address} in OCP",
        "each proxy once",
        "Remove all but one of them from the inventory, or correct their obproxy_ocp_address or obproxy_sql_port.",
    ),
    "wrong_state": (
        "obproxy_state is {state}",
        "started",
        "Remove obproxy_state from the variables of this host. A proxy that should be removed cannot be taken over.",
    ),
    "look_failed": (
        "the host could not be checked: {reason}",
        "a host that Ansible can manage",
        "Fix the problem that the message describes, then run again.",
    ),
    "role_would_fail": (
        "{reason}",
        "a host on which the role obops.oceanbase.obproxy can run",
        "Follow the message, then run again.",
    ),
    "old_version_kept": (
        "the upgrade keeps the package of the old version, {packages}",
        "exactly one OBProxy package",
        "Set obproxy_keep_old_version to false.",
    ),
    "restart_needed": (
        "OCP would restart the proxy, since these parameters of the cluster differ: {parameters}",
        "a takeover without a restart (obproxy_restart_allowed is false)",
        "Set these values yourself (obproxy_extra_options) and restart the proxy when it suits you, or set "
        "obproxy_restart_allowed to true.",
    ),
    "restart_unknown": (
        "it is unknown whether OCP would restart the proxy, since its settings or the cluster's parameters could not "
        "be read",
        "a takeover without a restart (obproxy_restart_allowed is false)",
        "Set obproxy_proxysys_password to the password of root@proxysys, or set obproxy_restart_allowed to true.",
    ),
}
blocker = partial(_blocker, TEXTS)
