# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Some of OBProxy's settings, as OCP describes them."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    name: str
    type: str
    default: str
    description: str
    need_restart: bool = False
    minimum: str | None = None
    maximum: str | None = None
    allowed: str | None = None
    readonly: bool = False


KNOWN = (
    Known("proxy_mem_limited", "CAPACITY", "2G", "The most memory that OBProxy may use.", minimum="100MB"),
    Known("client_max_connections", "INT", "8192", "The most connections of clients.", minimum="0", maximum="65535"),
    Known("log_file_percentage", "INT", "80", "The share of the disk that logs may take.", minimum="0", maximum="100"),
    Known("syslog_level", "STRING", "INFO", "The level of the log.", allowed="DEBUG,TRACE,INFO,WARN,USER_ERR,ERROR"),
    Known("enable_compression_protocol", "BOOL", "True", "Compress what goes to OB clusters.", allowed="True,False"),
    Known("observer_query_timeout_delta", "TIME", "20s", "Added to a query's time limit.", minimum="1s", maximum="30s"),
    Known("work_thread_num", "INT", "128", "The number of work threads.", True, "1", "128"),
    Known("prometheus_listen_port", "INT", "2884", "The exporter's port.", True, "1025", "65535"),
    Known("app_name", "STRING", "undefined", "The name of the application.", True, readonly=True),
)


def of_cluster(own: dict[str, str]) -> dict[str, str]:
    """Return all parameters that a cluster's proxies get: its own, and the defaults of the others that can be set."""
    return {**{known.name: known.default for known in KNOWN if not known.readonly}, **own}


def need_restart(name: str) -> bool:
    return any(known.need_restart for known in KNOWN if known.name == name)
