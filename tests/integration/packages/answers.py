# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Query the two ports of a running proxy on the host, and print all answers as JSON by topic."""

import http.client
import json
import subprocess

from .raw_mysql import Connection

CALLERS = ["127.0.0.2", "10.9.9.1", "172.20.9.1", "192.168.9.9", "198.18.0.1"]
TABLES = [
    "SHOW PROXYINFO BINARY",
    "SHOW PROXYSTAT",
    "SHOW PROXYNET CONNECTION",
    "SHOW PROXYSESSION",
    "SHOW PROXYCONFIG LIKE 'listen_port'",
    "SHOW PROXYCONFIG LIKE 'listen_por_'",
    "SHOW PROXYCONFIG LIKE 'LISTEN_PORT'",
    "SHOW PROXYCONFIG LIKE 'no_such'",
    "SHOW PROXYCONFIG LIKE listen_port",
    "show  proxyinfo  binary ;",
    "/* a comment */ SHOW PROXYINFO BINARY",
    "SHOW DATABASES",
    "SHOW VARIABLES",
    "SHOW VARIABLES LIKE 'version%'",
    "SHOW STATUS",
    "SHOW TABLES",
    "SHOW PROXYFOO",
    "SHOW",
]
STATEMENTS = [
    "SELECT 1",
    "SELECT VERSION()",
    "select",
    "(SELECT 1)",
    "EXPLAIN SELECT 1",
    "/* a comment */ SELECT 1",
    "-- a comment\nSELECT 1",
    "SELECTX",
    "SET NAMES utf8",
    "SET AUTOCOMMIT=0",
    "SETX",
    "BEGIN",
    "BEGIN WORK",
    "START TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "USE x",
    "no such command",
    "INSERT INTO x VALUES (1)",
    "UPDATE x SET a=1",
    "DELETE FROM x",
    "CREATE TABLE x (a INT)",
    "DESC x",
    "CALL x()",
    "SHOWX",
    "SHOW WARNINGS",
    "SHOW PROXYCLUSTER",
    "SHOW PROXYINFO",
    "SHOW PROXYINFO NO_SUCH",
    "KILL 99999",
    "",
    "   ",
    ";",
    "ALTER PROXYCONFIG SET no_such=1",
    "ALTER PROXYCONFIG no_such",
    "ALTER PROXYCONFIG SET syslog_level",
    "ALTER PROXYCONFIG SET syslog_level=NO_SUCH",
    "ALTER PROXYCONFIG SET syslog_level='INFO', enable_metadb_used=false",
    "ALTER PROXYCONFIG SET proxy_mem_limited='10M'",
    "ALTER PROXYCONFIG SET proxy_mem_limited='abc'",
    "ALTER PROXYCONFIG SET listen_port=80",
    "ALTER PROXYCONFIG SET listen_port=abc",
    "ALTER PROXYCONFIG SET enable_metadb_used=maybe",
    "ALTER PROXYCONFIG SET prometheus_sync_interval='2h'",
    "ALTER PROXYCONFIG SET log_dir_size_threshold='1MB'",
    "ALTER PROXYCONFIG SET prometheus_sync_interval='2s'",
    "ALTER PROXYCONFIG SET PROXY_MEM_LIMITED=3G;",
    "alter proxyconfig set enable_metadb_used='false'",
]
COMMANDS = range(0x22)
QUERY, CLOSE_STATEMENT = 0x03, 0x19
USERS = [
    ("root@proxysys", "", ""),
    ("root@proxysys", "wrong", ""),
    ("root@proxysys", "", "any_database"),
    ("root@proxysys#obcluster", "", ""),
    ("inspector@proxysys", "", ""),
    ("admin@proxysys", "", ""),
    ("root@PROXYSYS", "", ""),
    ("root@sys", "", ""),
    ("root@sys#obcluster", "", ""),
    ("root@sys#no_such", "", ""),
    ("", "", ""),
]


def main():
    found = {"greeting": Connection().greeting_fields()}
    found["table"] = {statement: _logged_in().query(statement) for statement in TABLES}
    found["config"] = {row[0]: row[1:2] + row[3:] for row in _logged_in().query("SHOW PROXYCONFIG")["rows"]}
    found["statement"] = {statement: _logged_in().query(statement) for statement in STATEMENTS}
    found["lasting"] = _logged_in().query("SHOW PROXYCONFIG LIKE 'proxy_mem_limited'")["rows"][0][1]
    # Closing a prepared statement gets no answer, and a query needs a text.
    numbers = [number for number in COMMANDS if number not in (QUERY, CLOSE_STATEMENT)]
    found["command"] = {hex(number): _logged_in().command(number, bytes([1, 0, 0, 0])) for number in numbers}
    found["login"] = {" ".join(user): Connection().log_in(*user) for user in USERS}
    found["password"] = _passwords()
    found["caller"] = {address: _from(address) for address in CALLERS}
    _logged_in().query("ALTER PROXYCONFIG SET skip_proxy_sys_private_check=true")
    found["caller, unchecked"] = {address: _from(address) for address in CALLERS}
    found["http"] = {path: _http(path) for path in ("/metrics", "/", "/no_such")}
    found["scramble"] = _scramble()
    print(json.dumps(found))


def _logged_in(password=""):
    connection = Connection()
    answer = connection.log_in(password=password)
    assert "ok" in answer, answer
    return connection


def _passwords():
    """Set a password, use it, read its stored form, and remove it."""
    steps = [_logged_in().query("ALTER PROXYCONFIG SET obproxy_sys_password='secret'")]
    steps += [Connection().log_in(password=password) for password in ("", "wrong", "secret")]
    steps.append(_logged_in("secret").query("SHOW PROXYCONFIG LIKE 'obproxy_sys_password'")["rows"][0][1])
    steps.append(_logged_in("secret").query("ALTER PROXYCONFIG SET obproxy_sys_password=''"))
    steps.append(Connection().log_in())
    return steps


def _from(address):
    """Log in from an address to the same address."""
    subprocess.run(["ip", "address", "replace", address + "/32", "dev", "lo"], check=True)
    return Connection(address, address).log_in()


def _http(path):
    connection = http.client.HTTPConnection("127.0.0.1", 2884, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    return [answer.status, answer.getheader("Content-Type"), "# TYPE odp_current_session gauge" in body]


def _scramble():
    """Return whether each connection has its own salt after enable_proxy_scramble is set."""
    _logged_in().query("ALTER PROXYCONFIG SET enable_proxy_scramble=true")
    salts = {Connection().greeting_fields()["salt"] for _ in range(3)}
    return len(salts) == 3 and len({len(salt) for salt in salts}) == 1


main()
