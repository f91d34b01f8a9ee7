# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is wrong with a run as a whole, so that nothing may be done on any host."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .._report import report
from .._text import some
from . import snapshot, waves
from .hosts import matching
from .plan import Records
from .variables import CLUSTER, RUN, differences, paths_of


def before_ocp(
    settled: Iterable[Mapping[str, Any]],
    in_play: Iterable[str],
    groups: Mapping[str, Any],
    now: datetime | None = None,
) -> list[str]:
    """Problems that can be found before OCP is contacted. The connection, for example, must be the same for all hosts.

    settled: what variables.settle() returns for each host. now: in the controller's zone.
    """
    now = now or datetime.now().astimezone()
    settled = list(settled)
    found = differences(settled, RUN)
    pattern = settled[0]["values"].get("obproxy_hosts") if settled else None
    # Inventory variables are not known yet when a play selects its hosts.
    if not found and pattern and not set(in_play) <= set(matching(pattern, groups)):
        found.append(
            f"obproxy_hosts is {pattern} for the hosts of this play, but the play runs on {some(list(in_play), 3)}. "
            "Set obproxy_hosts as an extra variable or in the vars of import_playbook. In the inventory, it is read "
            "too late."
        )
    if settled and not found:
        found = _of_the_night(settled, now)
    return found


def _of_the_night(settled: list[Mapping[str, Any]], now: datetime) -> list[str]:
    """What is wrong with waves, window, checks and reports, which are the same for all hosts."""
    values = settled[0]["values"]
    found = []
    for check in (
        lambda: waves.sizes(values.get("obproxy_waves"), 1),
        lambda: waves.most_failures(values.get("obproxy_max_failures"), 1),
        lambda: waves.window_end(values.get("obproxy_window_end"), now),
    ):
        try:
            check()
        except ValueError as error:
            found.append(str(error))
    if (values.get("obproxy_wave_pause") or 0) < 0:
        found.append(f"obproxy_wave_pause: {values['obproxy_wave_pause']} is less than 0 seconds.")
    found += report.problems(paths_of(values))
    found += snapshot.problems(values.get("obproxy_snapshot_dir"))
    tasks = values.get("obproxy_check_tasks")
    if tasks and not Path(tasks).expanduser().is_absolute():
        found.append(f"obproxy_check_tasks: {tasks} is not an absolute path such as {{{{ inventory_dir }}}}/check.yml.")
    elif tasks and not Path(tasks).expanduser().is_file():
        found.append(f"obproxy_check_tasks: the file {tasks} does not exist.")
    anonymous = [
        host["host"]
        for host in settled
        if host["values"].get("obproxy_check_query") and not host["values"].get("obproxy_check_user")
    ]
    if anonymous:
        found.append(
            f"obproxy_check_query needs a login: set obproxy_check_user, such as app@tenant#cluster, and "
            f"obproxy_check_password for {some(anonymous, 3)}."
        )
    return found


def after_ocp(settled: Iterable[Mapping[str, Any]], clusters: list[dict[str, Any]]) -> list[str]:
    """Problems that can be found when OCP's clusters are known: options of one call, and whether there is a cluster at
    all."""
    ocp = Records(clusters)
    by_cluster: dict[int, list[Mapping[str, Any]]] = {}
    problems: dict[str, None] = {}
    for host in settled:
        cluster, blockers = ocp.cluster(host)
        if cluster:
            by_cluster.setdefault(cluster.id, []).append(host)
        problems.update(dict.fromkeys(f"{blocker['found']}. {blocker['cure']}" for blocker in blockers))
    if not by_cluster:
        return [*list(problems)[:3], f"OCP has these OBProxy clusters: {ocp.labels}."]
    names = {cluster.id: cluster.label for cluster in ocp.clusters}
    return [
        text
        for number, hosts in by_cluster.items()
        for text in differences(hosts, CLUSTER, f"of the cluster {names[number]}")
    ]
