# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The variables of the playbooks: what each is for, and how far its value may differ between hosts. Pure.

The table in README.md has the same variables; a unit test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_bool, check_type_int
from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._host.proxy_config import NOT_QUOTABLE
from .._text import some

#: How far a value may differ: between hosts; between the hosts of different clusters; not within a run; and variables
#: for playbooks without hosts.
HOST, CLUSTER, RUN, CONTROLLER = "host", "cluster", "run", "controller"


class Variable(NamedTuple):
    scope: str
    type: str = "str"
    #: The option of the OCP modules that gets the value.
    option: str | None = None
    secret: bool = False


VARIABLES = {
    "obproxy_hosts": Variable(RUN, "pattern"),
    "obproxy_cluster": Variable(HOST),
    "obproxy_cluster_id": Variable(HOST, "int"),
    "obproxy_default_cluster": Variable(RUN),
    "obproxy_ocp_address": Variable(HOST),
    "obproxy_sql_port": Variable(HOST, "port"),
    "obproxy_proxysys_password": Variable(HOST, secret=True),
    "obproxy_takeover_wait": Variable(CLUSTER, "bool", "wait"),
    "obproxy_takeover_timeout": Variable(CLUSTER, "int", "wait_timeout"),
    "obproxy_takeover_interval": Variable(CLUSTER, "int", "wait_interval"),
    "obproxy_takeover_progress": Variable(CLUSTER, "bool", "progress"),
    "obproxy_takeover_retries": Variable(CLUSTER, "int", "retries"),
    "ocp_url": Variable(RUN, option="ocp_url"),
    "ocp_username": Variable(RUN, option="ocp_username"),
    "ocp_password": Variable(RUN, option="ocp_password", secret=True),
    "ocp_access_key_id": Variable(RUN, option="ocp_access_key_id"),
    "ocp_access_key_secret": Variable(RUN, option="ocp_access_key_secret", secret=True),
    "ocp_validate_certs": Variable(RUN, "bool", "validate_certs"),
    "ocp_ca_path": Variable(RUN, option="ca_path"),
    "ocp_client_cert": Variable(RUN, option="client_cert"),
    "ocp_client_key": Variable(RUN, option="client_key"),
    "ocp_request_timeout": Variable(RUN, "int", "request_timeout"),
    "obproxy_blockers_fatal": Variable(RUN, "bool"),
    "obproxy_blockers_ignored": Variable(HOST, "names"),
    "obproxy_waves": Variable(RUN, "steps"),
    "obproxy_wave_pause": Variable(RUN, "int"),
    "obproxy_max_failures": Variable(RUN),
    "obproxy_window_end": Variable(RUN, "moment"),
    "obproxy_check_query": Variable(HOST),
    "obproxy_check_user": Variable(HOST),
    "obproxy_check_password": Variable(HOST, secret=True),
    "obproxy_check_tasks": Variable(RUN),
    "obproxy_restart_allowed": Variable(HOST, "bool"),
    "obproxy_snapshot_dir": Variable(RUN),
    "obproxy_report": Variable(RUN, "paths"),
    "obproxy_plan_file": Variable(RUN),
    "obproxy_status_strict": Variable(CONTROLLER, "bool"),
    "obproxy_task_ids": Variable(CONTROLLER, "ids"),
}
CONNECTION = {name: variable.option for name, variable in VARIABLES.items() if name.startswith("ocp_")}
WAITING = {name: variable.option for name, variable in VARIABLES.items() if name.startswith("obproxy_takeover_")}

#: If one of these is set, the role checks the settings of a running proxy.
SETTING = ("obproxy_extra_options", "obproxy_observer_password", "obproxy_proxysys_password")
#: The variables for a host's address in OCP, in this order.
ADDRESSES = ("obproxy_ocp_address", "ansible_host", "inventory_hostname")


def is_set(value: Any) -> bool:
    """An empty value counts as not set, since AWX sets variables so."""
    return value is not None and value != ""


def _port(value: Any) -> int:
    port: int = check_type_int(value)
    if not 0 < port < 65536:
        raise TypeError
    return port


def _words(value: Any) -> list[str]:
    """A list, or a text with commas or lines, as a survey gives it."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return [word for part in parts for word in re.findall(r"[^\s,]+", str(part))]


def _paths(value: Any) -> str:
    """One path per line, since paths may contain blanks and commas."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return "\n".join(line.strip() for part in parts for line in str(part).splitlines() if line.strip())


def _moment(value: Any) -> str:
    """A clock time or a date; YAML 1.1 reads an unquoted 23:30 as a number in base 60."""
    return f"{value // 60}:{value % 60:02d}" if isinstance(value, int) and 60 <= value < 1440 else str(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "int": check_type_int,
    "bool": check_type_bool,
    "port": _port,
    "names": _words,
    "ids": _words,
    "pattern": lambda value: ",".join(_words(value)),
    "steps": lambda value: ",".join(_words(value)),
    "moment": _moment,
    "paths": _paths,
}
MEANING = {"int": "a number", "bool": "true or false", "port": "a port (1 to 65535)"}


def read(name: str, value: Any) -> Any:
    """The value of a variable, converted to its type. None if it is not set. A ValueError says what is wrong."""
    if not is_set(value):
        return None
    kind = VARIABLES[name].type
    try:
        return READERS[kind](value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!s}, which is not {MEANING[kind]}") from None


def settle(raw: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the playbooks need to know about one host, from its variables. `problems` has the invalid values.

    options: the options of the role, from its argument specification.
    """
    values, problems = {}, _role_problems(raw, options or {})
    for name, variable in VARIABLES.items():
        if variable.scope == CONTROLLER:
            continue
        try:
            values[name] = read(name, raw.get(name))
        except ValueError as error:
            values[name] = None
            problems.append(str(error))
    extra = raw.get("obproxy_extra_options") or {}
    cluster, cluster_id = values.pop("obproxy_cluster"), values.pop("obproxy_cluster_id")
    return {
        "host": raw["inventory_hostname"],
        "address": str(next(raw[name] for name in ADDRESSES if is_set(raw.get(name)))),
        "sql_port": values.get("obproxy_sql_port") or 2883,
        "cluster": values["obproxy_default_cluster"] if cluster is None and cluster_id is None else cluster,
        "cluster_id": cluster_id,
        "config_url": str(raw.get("obproxy_config_url") or ""),
        "start_mode_given": is_set(raw.get("obproxy_config_url")) or bool(raw.get("obproxy_rs_list")),
        "configure": _true(raw.get("obproxy_configure"), True),
        "sets_something": any(raw.get(name) for name in SETTING),
        "password_settable": not NOT_QUOTABLE.search(str(raw.get("obproxy_proxysys_password") or "")),
        "service": _true(raw.get("obproxy_service")),
        "lets_ocp_log_in": _true((extra if isinstance(extra, dict) else {}).get("skip_proxy_sys_private_check")),
        "keep_old_version": _true(raw.get("obproxy_keep_old_version"), True),
        "state": raw.get("obproxy_state") or "started",
        "values": values,
        "problems": problems,
    }


def _role_problems(raw: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Which variables of the role alone have a value of another type, or none of their choices."""
    mine = {name: option for name, option in options.items() if name in raw and name not in VARIABLES}
    checked = ArgumentSpecValidator(mine).validate({name: raw[name] for name in mine})
    return list(checked.error_messages)


def _true(value: Any, default: bool = False) -> bool:
    return boolean(value, strict=False) if is_set(value) else default


def options_of(values: Mapping[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    """The options of a module that these variables give: only those that are set."""
    return {str(option): values[name] for name, option in names.items() if values.get(name) is not None}


def paths_of(values: Mapping[str, Any]) -> list[str]:
    """The paths of the report."""
    return (values.get("obproxy_report") or "").splitlines()


def differences(hosts: Iterable[Mapping[str, Any]], scope: str, where: str = "in one run") -> list[str]:
    """What differs between these hosts (as settle() returns them) although it must not."""
    hosts = list(hosts)
    found = []
    for name, variable in VARIABLES.items():
        if variable.scope != scope:
            continue
        by_value: dict[Any, list[str]] = {}
        for host in hosts:
            by_value.setdefault(host["values"].get(name), []).append(host["host"])
        if len(by_value) > 1:
            shown = [_shown(variable, value, names) for value, names in by_value.items()]
            found.append(f"{name} must be the same for all hosts {where}, but it is {some(shown, 3)}.")
    return found


def _shown(variable: Variable, value: Any, hosts: list[str]) -> str:
    word = "not set" if value is None else "a value of its own" if variable.secret else str(value)
    return f"{word} for {some(hosts, 3)}"
