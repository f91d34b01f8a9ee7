# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of this stand-in: those of OBProxy's hundreds that a user of OCP encounters."""

import re

UNITS = {"": 1, "k": 10, "m": 20, "g": 30, "t": 40}
TIMES = {"us": 1, "ms": 1000, "s": 1000000, "": 1000000, "m": 60000000, "h": 3600000000, "d": 86400000000}
LEVELS = ("DEBUG", "TRACE", "WDIAG", "EDIAG", "INFO", "WARN", "USER_ERR", "ERROR")


class BadValue(Exception):
    """A value that OBProxy would reject."""


class Item:
    is_password = False

    def __init__(self, default, info, need_reboot=False, visible_level="SYS"):
        self.default, self.info, self.need_reboot, self.visible_level = default, info, need_reboot, visible_level

    def checked(self, value):
        """Return the value as it is saved and shown. Raise BadValue if it is invalid."""
        return value


class Switch(Item):
    def checked(self, value):
        lower = value.lower()
        if lower in ("true", "1", "on", "yes", "t", "y"):
            return "True"
        if lower in ("false", "0", "off", "no", "f", "n"):
            return "False"
        raise BadValue(value)


class Password(Item):
    is_password = True


class Choice(Item):
    def __init__(self, default, info, choices, **more):
        super().__init__(default, info, **more)
        self._choices = choices

    def checked(self, value):
        if value not in self._choices:
            raise BadValue(value)
        return value


class Measure(Item):
    """A number with a unit, between two bounds."""

    def __init__(self, default, info, low, high, **more):
        super().__init__(default, info, **more)
        self._low, self._high = low, high

    def checked(self, value):
        if not self._measure(self._low) <= self._measure(value) <= self._measure(self._high):
            raise BadValue(value)
        return value

    def _measure(self, text):
        if not text.isdigit():
            raise BadValue(text)
        return int(text)


class Capacity(Measure):
    def _measure(self, text):
        parts = re.match(r"(\d+)([kmgt]?)b?\Z", text.lower())
        if not parts:
            raise BadValue(text)
        return int(parts.group(1)) << UNITS[parts.group(2)]


class Time(Measure):
    def _measure(self, text):
        parts = re.match(r"(\d+)(us|ms|s|m|h|d|)\Z", text.lower())
        if not parts:
            raise BadValue(text)
        return int(parts.group(1)) * TIMES[parts.group(2)]


CATALOGUE = {
    "app_name": Item("undefined", "the application that this proxy works for", need_reboot=True),
    "client_max_connections": Measure("8192", "most connections of clients", "0", "99999999", visible_level="USER"),
    "enable_client_ssl": Switch("False", "TLS towards clients"),
    "enable_metadb_used": Switch("True", "use the metadata database", need_reboot=True),
    "enable_proxy_scramble": Switch("False", "a greeting with a scramble of the proxy's own"),
    "enable_strict_kernel_release": Switch("True", "run on kernels of EL5 to EL7 only", need_reboot=True),
    "inspector_password": Password("", "password of the user inspector"),
    "listen_port": Measure("2883", "port for SQL", "1025", "65535", need_reboot=True),
    "log_dir_size_threshold": Capacity("64GB", "most room for logs", "256M", "1T", visible_level="USER"),
    "mysql_version": Item("5.6.25", "the version that the greeting names", visible_level="USER"),
    "obproxy_config_server_url": Item("", "where the OceanBase clusters are asked for", need_reboot=True),
    "obproxy_sys_password": Password("", "password of root@proxysys"),
    "observer_sys_password": Password("", "password of proxyro on the observers"),
    "observer_sys_password1": Password("", "password of proxyro on the observers"),
    "prometheus_listen_port": Measure("2884", "port for Prometheus", "1025", "65535", need_reboot=True),
    "prometheus_sync_interval": Time("1m", "how often metrics are renewed", "0s", "1h", visible_level="USER"),
    "proxy_idc_name": Item("", "the data centre of this proxy"),
    "proxy_mem_limited": Capacity("2G", "most memory", "100M", "100G", visible_level="USER"),
    "rootservice_cluster_name": Item("undefined", "the cluster that rootservice_list belongs to", need_reboot=True),
    "rootservice_list": Item("", "the root servers of one OceanBase cluster", need_reboot=True),
    "skip_proxy_sys_private_check": Switch("False", "root@proxysys from public addresses too", visible_level="USER"),
    "syslog_level": Choice("WDIAG", "how much is logged", LEVELS, visible_level="USER"),
    "work_thread_num": Measure("128", "number of working threads", "1", "128", need_reboot=True, visible_level="USER"),
}
