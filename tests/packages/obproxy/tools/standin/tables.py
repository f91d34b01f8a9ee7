# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables in a proxy's answers."""

# Column types.
TINY, INT, LONG, TEXT = 1, 3, 8, 15

VARIABLES = [
    ("tx_isolation", "READ-COMMITTED"),
    ("system_time_zone", "+08:00"),
    ("time_zone", "+08:00"),
    ("character_set_server", "utf8mb4"),
    ("character_set_client", "utf8mb4"),
    ("interactive_timeout", "28800"),
    ("query_cache_size", "1048576"),
    ("character_set_results", "utf8mb4"),
    ("max_allowed_packet", "4194304"),
    ("sql_mode", "STRICT_ALL_TABLES"),
    ("net_buffer_length", "16384"),
    ("wait_timeout", "28800"),
    ("lower_case_table_names", "2"),
    ("query_cache_type", "OFF"),
    ("init_connect", ""),
    ("transaction_isolation", "READ"),
    ("character_set_connection", "utf8mb4"),
    ("net_write_timeout", "60"),
]
VARIABLE_COLUMNS = [("Variable_name", TEXT), ("Value", TEXT)]
INFO_COLUMNS = [("name", TEXT), ("info", TEXT)]
CONFIG_COLUMNS = [("name", TEXT), ("value", TEXT), ("info", TEXT), ("need_reboot", TEXT), ("visible_level", TEXT)]
STATISTIC_COLUMNS = [("stat_name", TEXT), ("value", LONG), ("persist_type", TEXT)]
CONNECTION_COLUMNS = [
    ("thread_id", LONG),
    ("connect_id", INT),
    ("socket_fd", INT),
    ("type", TEXT),
    ("src_ip", TEXT),
    ("src_port", INT),
    ("dst_ip", TEXT),
    ("dst_port", INT),
    ("virtual_ip", TEXT),
    ("virtual_port", INT),
    ("virtual_vid", LONG),
    ("bind_style", TEXT),
    ("read_enabled", TINY),
    ("read_nbytes", LONG),
    ("read_ndone", LONG),
    ("write_enabled", TINY),
    ("write_nbyte", LONG),
    ("write_ndone", LONG),
    ("alive_time(sec)", LONG),
    ("activity_timeout_in(sec)", LONG),
    ("inactivity_timeout_in(sec)", LONG),
    ("timeout_close_in(sec)", LONG),
    ("last_error_no", INT),
    ("shutdown", LONG),
    ("comments", TEXT),
]
SESSION_COLUMNS = [
    ("proxy_sessid", LONG),
    ("Id", LONG),
    ("Cluster", TEXT),
    ("Tenant", TEXT),
    ("User", TEXT),
    ("Host", TEXT),
    ("db", TEXT),
    ("trans_count", LONG),
    ("svr_session_count", LONG),
    ("state", TEXT),
    ("tid", LONG),
    ("pid", INT),
    ("using_ssl", INT),
]


def connection(number, connection):
    """Return the only row of SHOW PROXYNET CONNECTION if there are no other connections."""
    (source, source_port), (own, own_port) = connection.getpeername(), connection.getsockname()
    ends = [source, source_port, own, own_port, own, own_port]
    counters = [1, 0, 0, 0, 0, 0, 0, 0, 30, 30, 0, 0]
    return [0, number, connection.fileno(), "accepted", *ends, 0, "any", *counters, "not closed"]


def session(number, connection, cluster, process):
    """Return the only row of SHOW PROXYSESSION if there are no other connections."""
    client = "{}:{}".format(*connection.getpeername())
    return [0, number, cluster, "proxysys", "root", client, "NULL", 0, 0, "MCS_ACTIVE_READER", process, process, 0]
