# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a start or an upgrade does to this host. All decisions of start.py and upgrade.py are carried out here."""

import os
import pwd
import time
from typing import Any, Dict, List, Optional, Tuple

from . import logs, mysql, processes, saved_config, saved_record, sessions, sockets
from .host import PROXYSYS, Host
from .launch import run_as, systemctl
from .stop import stop

# How the next launch should differ: a word of upgrade.py, and the options. The launch script reads and removes it.
NEXT_START = os.path.join("etc", "obproxy_next_start")
STOP_SECONDS = 30
DRAIN_PAUSE = 0.5


class ThisHost(object):
    """user: the proxy's, an entry of the password database. script, arguments and environment: how it is launched."""

    clock = staticmethod(time.monotonic)
    now = staticmethod(time.time)
    systemctl = staticmethod(systemctl)
    is_saved = staticmethod(saved_record.is_saved)
    forget_saved = staticmethod(saved_record.forget)
    saved = staticmethod(saved_config.saved_settings)

    def __init__(
        self,
        user: pwd.struct_passwd,
        keywords: List[str],
        sql_port: int,
        script: str,
        arguments: List[str],
        environment: Dict[str, str],
        link: Optional[str] = None,
    ) -> None:
        self.user = user
        self.keywords = keywords
        self.sql_port = sql_port
        self.script = script
        self.arguments = arguments
        self.environment = environment
        self.link_path = link

    def launch(self, home: str) -> None:
        command = ["/bin/sh", "-c", self.script, home] + self.arguments
        run_as(self.user, command, self.environment)

    def wait(self, home: str, timeout: float, since: float) -> Dict[str, Any]:
        return Host(self.keywords, self.sql_port).readiness(timeout, home, since)

    def stop(self, home: str) -> List[int]:
        """The pids of the processes that are left."""
        return stop(lambda: processes.find_processes(self.keywords, []), home, STOP_SECONDS)[1]

    def listener_of(self, home: str) -> Optional[int]:
        """The process of this installation that listens on the SQL port, or None."""
        for process in processes.find_processes(self.keywords, sockets.listening()):
            if process["home"] == home and process["kind"] == "proxy" and self.sql_port in process["ports"]:
                pid: int = process["pid"]
                return pid
        return None

    def process(self, pid: int) -> Tuple[Optional[str], List[str]]:
        """(home, arguments) of a process; (None, []) once it has ended."""
        found = [item for item in processes.find_processes(self.keywords, []) if item["pid"] == pid]
        return (found[0]["home"], processes.arguments_of(pid)) if found else (None, [])

    def query(self, pid: int, statement: str) -> List[Dict[str, Any]]:
        """Rows for root@proxysys, which logs in with the SHA-1 of the password that the proxy itself has saved."""
        address = next((item["address"] for item in sockets.listening() if item["port"] == self.sql_port), "127.0.0.1")
        password = mysql.password_sha1_from_hex(self.saved(pid).get("obproxy_sys_password", ""))
        session = mysql.Session(sockets.reachable(address), self.sql_port, PROXYSYS, password)
        try:
            return session.query(statement)
        finally:
            session.close()

    def read_saved(self, home: str) -> Dict[str, str]:
        path = os.path.join(home, saved_config.FILES[0])
        if not os.path.exists(path):
            return {}
        with open(path, "rb") as file:
            return saved_config.parse(file.read(saved_config.MOST_BYTES))

    def write_saved(self, home: str, settings: Dict[str, str]) -> None:
        saved_record.forget(home)
        if settings:
            saved_record.write(home, settings, self.user.pw_uid, self.user.pw_gid)

    def write_next_start(self, home: str, how: str, options: str) -> None:
        content = ("%s %s\n" % (how, options)).encode("utf-8")
        saved_record.write_for(os.path.join(home, NEXT_START), content, self.user.pw_uid, self.user.pw_gid)

    def forget_next_start(self, home: str) -> None:
        path = os.path.join(home, NEXT_START)
        if os.path.lexists(path):
            os.remove(path)

    def script_text(self, home: str) -> str:
        try:
            with open(os.path.join(home, "bin", "obproxyd.sh"), "rb") as file:
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def logs(self, home: str, since: float) -> List[Dict[str, Any]]:
        return logs.tails(home, since, failed=True)

    def link(self, home: str) -> None:
        """Point the symlink to a version, without a moment in which it does not exist."""
        if self.link_path:
            new = self.link_path + ".new"
            if os.path.lexists(new):
                os.remove(new)
            os.symlink(os.path.basename(home), new)
            os.rename(new, self.link_path)

    def drain(self, timeout: float) -> int:
        """Wait until no client is connected, and return how many still are when the time is over."""
        return sessions.drain(lambda: sessions.count(self.sql_port), timeout, time.monotonic, time.sleep, DRAIN_PAUSE)
