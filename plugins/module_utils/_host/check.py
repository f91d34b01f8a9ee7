# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether OBProxies answer, and whether a statement gets through them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, NamedTuple, Optional

from . import mysql

#: How many proxies are checked at the same time.
AT_ONCE = 32


class Query(NamedTuple):
    """A statement and the user that runs it: a user of any tenant behind the proxy."""

    statement: str
    user: str
    password_sha1: bytes


def check(proxies: List[Dict[str, Any]], query: Optional[Query], timeout: float) -> List[Dict[str, Any]]:
    """The result for each of the proxies ({address, sql_port}), in the same order; timeout: for each step, in
    seconds."""
    if not proxies:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(proxies))) as pool:
        return list(pool.map(lambda proxy: _check(proxy["address"], proxy["sql_port"], query, timeout), proxies))


def _check(address: str, port: int, query: Optional[Query], timeout: float) -> Dict[str, Any]:
    found: Dict[str, Any] = {"address": address, "sql_port": port, "answers": False, "rows": None, "error": None}
    try:
        mysql.greeting(address, port, timeout)
    except mysql.MysqlError as error:
        found["error"] = "port %d does not answer: %s" % (port, error)
        return found
    found["answers"] = True
    if query:
        try:
            found["rows"] = _ask(address, port, query, timeout)
        except mysql.AccessDenied as error:
            found["error"] = "port %d refuses the login of %s: %s" % (port, query.user, error)
        except mysql.MysqlError as error:
            found["error"] = "port %d does not answer the query of %s: %s" % (port, query.user, error)
    return found


def _ask(address: str, port: int, query: Query, timeout: float) -> int:
    session = mysql.Session(address, port, query.user, query.password_sha1, timeout)
    try:
        return len(session.query(query.statement))
    finally:
        session.close()
