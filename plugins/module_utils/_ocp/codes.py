# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OCP's error codes: what kind of failure each one is, and what to do about it.

A code is an integer up to OCP V4.2.1 and a string from V4.2.2 on; here, both are strings. The HTTP status says less
than the code, since OCP answers many refusals with 500.
"""

from typing import Dict, NamedTuple, Optional

#: Codes that explain nothing: a 5xx answer with one of them is an outage, not a refusal.
UNEXPLAINED = frozenset((None, "0", "1115", "COM10999"))
#: Something else is using the host: the request had no effect and can be repeated later.
BUSY = frozenset(("20021", "BAK29003", "7004", "CMP07004", "COM10005"))

Meaning = NamedTuple("Meaning", [("kind", str), ("cure", str)])

_FIND_TASK = "Look for it with obops.oceanbase.ocp_task_info, by name or host_id."
_FIND_HOST = (
    "Check how OCP knows the host with obops.oceanbase.ocp_host_info. If it is missing, add it to OCP (role "
    "HOST_MANAGER)."
)
_FIND_CLUSTER = "Look for it with obops.oceanbase.ocp_obproxy_cluster_info."
_LOG_IN = "Check the login: ocp_username and ocp_password, or ocp_access_key_id and ocp_access_key_secret."
#: What to do if OCP's user lacks a permission: the roles that the collection's calls need.
RIGHTS = (
    "Ask OCP's administrator for the roles OBPROXY_MANAGER and TASK_MANAGER (TASK_VIEWER is enough to follow tasks, "
    "HOST_MANAGER adds hosts)."
)

_TABLE = (
    ("4001 TSK10001", "not_found", _FIND_TASK),
    (
        "4007 TSK10007 TSK10016 TSK10017",
        "rejected",
        "The state of the task does not allow this. Check the task with obops.oceanbase.ocp_task_info, then run again.",
    ),
    ("4009 TSK10009", "rejected", "OCP does not roll back this task. Fix the cause, then use operation: retry."),
    ("4010 TSK10010", "rejected", "OCP does not skip this subtask. Fix the cause, then use operation: retry."),
    (
        "TSK10011",
        "rejected",
        "OCP was upgraded after the task began and cannot continue it. Roll it back, then start it again.",
    ),
    (
        "7000 CMP07000",
        "conflict",
        "Something in OCP still uses the host, such as an OBProxy, an OB server or a task. Remove that first, then run "
        "again.",
    ),
    ("7001 CMP07001", "rejected", "The host is already in OCP. " + _FIND_HOST),
    (
        "7002 CMP07002 7015 CMP07015",
        "rejected",
        "OCP cannot log in to the host over SSH. Check that the host is up, that OCP can reach ssh_port, and that the "
        "host accepts the user and the password or key of the credential. Then run again.",
    ),
    (
        "7016 CMP07016",
        "rejected",
        "Use another credential that the host accepts, or correct this one in OCP, then run again. A credential "
        "belongs to one OCP user, in this case the user that runs this.",
    ),
    (
        "7017 CMP07017 7018 CMP07018",
        "rejected",
        "In one call, OCP adds only hosts of the same operating system and architecture. Add the others in another "
        "task.",
    ),
    (
        "7020 CMP07020",
        "rejected",
        "The network between OCP and the host is too slow. Check the route and the load of the host, then run again.",
    ),
    (
        "7021 CMP07021",
        "rejected",
        "Synchronize the clocks of the host and of OCP, for example with chrony, then run again.",
    ),
    (
        "7022 CMP07022",
        "rejected",
        "The host does not have the given address. Use the address of its network interface, then run again.",
    ),
    (
        "7023 CMP07023",
        "rejected",
        "Install the dependencies of OCP's agent on the host, which the log of OCP's task names, then run again.",
    ),
    (
        "7026 CMP07026",
        "rejected",
        "Use a credential for root, or for a user that can run every command with passwordless sudo, then run again.",
    ),
    (
        "7004 CMP07004",
        "conflict",
        "Check in OCP that the host is online, and wait until no other task uses it, then run again.",
    ),
    ("7005 CMP07005 7013 CMP07013", "not_found", _FIND_HOST),
    (
        "7006 CMP07006 7019 CMP07019",
        "rejected",
        "Check in OCP that the host is ONLINE and that its OCP agent runs, then run again.",
    ),
    (
        "7010 CMP07010 ODP21116",
        "rejected",
        "OCP already has an OBProxy on this host. Find its cluster with obops.oceanbase.ocp_obproxy_cluster_info. "
        "Do not delete it in OCP, since that uninstalls the proxy.",
    ),
    (
        "7033",
        "rejected",
        "Keep only one obproxy process on the host. Stop the others and whatever starts them, then run again.",
    ),
    (
        "7036 CMP07036",
        "rejected",
        "Install the missing command on the host (nc is in the package nmap-ncat or netcat), then run again.",
    ),
    ("20021 BAK29003 COM10005", "conflict", "Wait until the other task on the host has ended, then run again."),
    ("21001 ODP21001 21002 ODP21002", "not_found", _FIND_CLUSTER),
    ("1002 COM10002", "not_found", "Check that the object with this id still exists in OCP."),
    (
        "21004 ODP21004",
        "conflict",
        "Wait until the OCP task that changes the password has ended, then run again.",
    ),
    (
        "21005 ODP21005 21006 ODP21006",
        "rejected",
        "Set observer_sys_password of the proxy to the password that proxyro has in its OB clusters, and use the same "
        "password in all OB clusters of an OBProxy cluster, then run again.",
    ),
    (
        "21008 ODP10001",
        "rejected",
        "OCP cannot log in to the proxy as root@proxysys. Check that the proxy is running, that OCP can reach its SQL "
        "port, that proxysys_password is its current password, and that its setting skip_proxy_sys_private_check is "
        "true. Then run again.",
    ),
    (
        "ODP21010 ODP21016 ODP21017",
        "rejected",
        "Check in OCP that the OBProxy cluster and its proxies are RUNNING and that no operation is in progress, then "
        "run again.",
    ),
    (
        "ODP21018 ODP21110 ODP21113",
        "rejected",
        "Install an OBProxy version that OCP and the cluster's OB clusters support, then run again. OCP takes over "
        "version 1.8.0 or later, or 4.0.0 or later for OB clusters of V4.0 or later.",
    ),
    ("3000 IAM10000 3004 IAM10004", "authentication", _LOG_IN),
    (
        "3014 IAM10014 3017 IAM10017 IAM11000",
        "permission",
        RIGHTS + " If OCP restricts the addresses of its clients, allow the address of this host.",
    ),
    ("1001 COM10001", "rejected", "Correct the value that OCP names."),
    ("1006 COM10006", "rejected", "Choose another name. OCP already has this one."),
)

_MEANINGS: Dict[str, Meaning] = {code: Meaning(kind, cure) for codes, kind, cure in _TABLE for code in codes.split()}


def meaning(code: Optional[str]) -> Optional[Meaning]:
    """What is known about a code. None if it is in no public table."""
    return _MEANINGS.get(code) if code else None


def cure(code: Optional[str]) -> Optional[str]:
    """What to do about a code, or None."""
    known = meaning(code)
    return known.cure if known else None
