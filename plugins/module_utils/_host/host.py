# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of a proxy: its OBProxy processes, which process listens on its ports, and whether the proxy is ready."""

import time
from typing import List, Optional, Tuple

from . import logs, mysql, processes, proxy_config, readiness, sockets
from .readiness import Look, Watch
from .records import Record

# The ports that OBProxy uses unless it is configured otherwise.
DEFAULT_PORTS = {"sql": 2883, "prometheus": 2884, "rpc": 2885}
# When the wait begins, log entries that are older than this belong to another start.
JUST_NOW_SECONDS = 30.0
PROXYSYS = "root@proxysys"
FIRST_LAUNCH = "; only the first launch gets all options, so look for the cause in the log of the first process"


class Host(object):
    """Checks the processes and sockets of this host. Tests use another directory as `proc`."""

    def __init__(
        self, keywords: List[str], sql_port: int, exporter_port: Optional[int] = None, proc: str = "/proc"
    ) -> None:
        self.keywords = keywords
        self.sql_port = sql_port
        self.exporter_port = exporter_port
        self.proc = proc
        self._last: Optional[Tuple[List[Record], List[Record]]] = None

    def summary(self) -> Record:
        """{processes, listeners} of the last check, since scanning /proc takes time."""
        endpoints, found = self._last or self._glance()
        ports = [port for port in (self.sql_port, self.exporter_port) if port]
        listeners = [self.listener(port, endpoints, found) for port in ports]
        now = processes.now()
        shown = [dict(process, uptime=int(now - process["started"])) for process in found]
        for process in shown:
            del process["started"]
        return {"processes": shown, "listeners": [listener for listener in listeners if listener]}

    def _glance(self) -> Tuple[List[Record], List[Record]]:
        endpoints = sockets.listening(self.proc)
        self._last = endpoints, self._processes(endpoints)
        return self._last

    def _processes(self, endpoints: List[Record]) -> List[Record]:
        found = processes.find_processes(self.keywords, endpoints, self.proc)
        wanted = {"sql": self.sql_port, "prometheus": self.exporter_port, "rpc": None}
        for process in found:
            told = process.pop("told_ports")
            for use, default in DEFAULT_PORTS.items():
                process[use + "_port"] = pick_port(process["ports"], told[use], wanted[use], default)
        return found

    def listener(self, port: int, endpoints: List[Record], found: List[Record]) -> Optional[Record]:
        """The process that listens on a port: {port, address, pid, name, user, obproxy}, or None."""
        mine = [item for item in endpoints if item["port"] == port]
        if not mine:
            return None
        inodes = {item["inode"] for item in mine}
        # If it listens on several addresses, use one that other hosts can reach.
        address = min((item["address"] for item in mine), key=sockets.is_loopback)
        proxies = [process["pid"] for process in found if process["kind"] == "proxy"]
        pid = sockets.owner_of(inodes, proxies, self.proc)
        obproxy = pid is not None
        if pid is None:
            pid = sockets.owner_of(inodes, processes.all_pids(self.proc), self.proc)
        listener = {"port": port, "address": address, "obproxy": obproxy}
        nobody = {"pid": None, "name": None, "user": None}
        listener.update(processes.describe(pid, self.proc) if pid is not None else nobody)
        return listener

    def look(self, since: Optional[float] = None) -> Look:
        """One check. If there is no greeting, it also reads the verdicts in the logs that are newer than `since`."""
        endpoints, found = self._glance()
        since = _since(found) if since is None else since
        listener = self.listener(self.sql_port, endpoints, found)
        greeting = problem = None
        if listener is not None and listener["obproxy"]:
            try:
                greeting = mysql.greeting(sockets.reachable(listener["address"]), self.sql_port)
            except mysql.MysqlError as error:
                problem = str(error)
        reboots = {}
        if greeting is None:
            for home in homes(found):
                reboots.update(logs.reboots(home, since))
        now = processes.now()
        return readiness.Look(now, found, listener, greeting, problem, reboots)

    def readiness(
        self,
        timeout: Optional[float] = None,
        home: Optional[str] = None,
        since: Optional[float] = None,
        verified: Optional[int] = None,
    ) -> Record:
        """Whether the proxy is ready. With a timeout, wait until it is (0: forever).

        home: where to read logs if no proxy is running. since: when the caller started the proxy (seconds since 1970),
        if it did so just now. verified: the process ID of a proxy that need not be checked twice.
        """
        started = since
        if timeout is None:
            look = self.look()
            since = _since(look.processes)
            verdict = "ready" if look.greeting is not None else "not_ready"
            watch, elapsed = readiness.Watch(), 0.0
        else:
            since = since or _since(self._glance()[1])
            verdict, look, watch, elapsed = readiness.wait(
                lambda: self.look(since), timeout, time.monotonic, time.sleep, verified
            )
        ready = verdict == "ready"
        folders = [] if ready else homes(look.processes) or [folder for folder in [home] if folder]
        failed = verdict in ("start_failed", "restart_loop", "not_running")
        since = started or min([since] + [_epoch(process["started"]) for process in look.processes])
        tails = [tail for folder in folders for tail in logs.tails(folder, since, failed)]
        return {
            "ready": ready,
            "verdict": verdict,
            "message": explain(verdict, self.sql_port, look, watch, elapsed),
            "pid": look.listener["pid"] if ready else None,
            "server_version": look.greeting["version"] if look.greeting else None,
            "failed_pids": sorted(watch.failed),
            "elapsed": round(elapsed, 1),
            "logs": tails,
        }

    def log_in(self, password_sha1: bytes) -> Record:
        """The result of a login as root@proxysys to the proxy of the last check: {outcome, message, password_given}."""
        outcome, message = self._try_log_in(password_sha1)
        return {"outcome": outcome, "message": message, "password_given": bool(password_sha1)}

    def settings(self, password_sha1: bytes) -> Optional[List[Record]]:
        """The settings of the proxy of the last check, read as root@proxysys. None if they cannot be read."""
        listener = self.listener(self.sql_port, *(self._last or self._glance()))
        if listener is None:
            return None
        try:
            session = mysql.Session(sockets.reachable(listener["address"]), self.sql_port, PROXYSYS, password_sha1)
            try:
                return proxy_config.settings(session)
            finally:
                session.close()
        except mysql.MysqlError:
            return None

    def _try_log_in(self, password_sha1: bytes) -> Tuple[str, Optional[str]]:
        listener = self.listener(self.sql_port, *(self._last or self._glance()))
        if listener is None:
            return "failed", "nothing listens on port %d" % self.sql_port
        try:
            mysql.log_in(sockets.reachable(listener["address"]), self.sql_port, PROXYSYS, password_sha1)
        except mysql.AccessDenied as error:
            return "denied", str(error)
        except mysql.MysqlError as error:
            return "failed", str(error)
        return "ok", None


def _since(found: List[Record]) -> float:
    """The time from which verdicts in the log belong to this start: the start of the daemon, if that was just now."""
    now = processes.now()
    started = [item["started"] for item in found if item["kind"] == "daemon"]
    return _epoch(max([now - JUST_NOW_SECONDS] + started[:1]))


def _epoch(started: float) -> float:
    """A time since the host's start as seconds since 1970."""
    return time.time() - (processes.now() - started)


def homes(processes: List[Record]) -> List[str]:
    """The installation directories of the processes, without duplicates."""
    found = []
    for process in processes:
        if process["home"] and process["home"] not in found:
            found.append(process["home"])
    return found


def pick_port(owned: List[int], *candidates: Optional[int]) -> Optional[int]:
    """The first candidate port that the process actually listens on."""
    return next((port for port in candidates if port in owned), None)


def explain(verdict: str, port: int, look: Look, watch: Watch, elapsed: float) -> str:
    """A sentence that describes what was found on the port, and how long the wait was."""
    seconds = "%.0f s" % elapsed
    if verdict == "ready":
        return "process %s answers on port %d" % (look.listener["pid"], port)
    if verdict == "port_taken":
        return "port %d belongs to %s, which is not OBProxy" % (port, name_listener(look.listener))
    pids = ", ".join(str(pid) for pid in sorted(watch.failed))
    if verdict == "start_failed":
        told = ", ".join(str(pid) for pid in sorted(watch.failed) if watch.failed[pid]) or pids
        return "the start failed: 'reboot failed' in the proxy's own log for the processes " + told + FIRST_LAUNCH
    if verdict == "restart_loop":
        seen = "processes " + pids if pids else "too soon to be seen"
        return "obproxyd.sh keeps restarting the proxy, which exits at once (%s)%s" % (seen, FIRST_LAUNCH)
    if verdict == "not_running":
        return "no OBProxy process is running"
    after = "" if verdict == "not_ready" else " after %s" % seconds
    if look.listener is None:
        running = ", ".join("%s %d" % (process["name"], process["pid"]) for process in look.processes)
        runs = "running processes: " + running if running else "no OBProxy process is running"
        return "nothing listens on port %d%s; %s" % (port, after, runs)
    if not look.listener["obproxy"]:
        return "port %d belongs to %s, which is not OBProxy" % (port, name_listener(look.listener))
    return "process %s listens on port %d but sends no greeting%s: %s" % (
        look.listener["pid"],
        port,
        after,
        look.problem,
    )


def name_listener(listener: Record) -> str:
    if listener["pid"] is None:
        return "a process that could not be found (another user's, or in another network namespace)"
    return "process %s (%s, user %s)" % (listener["pid"], listener["name"], listener["user"])
