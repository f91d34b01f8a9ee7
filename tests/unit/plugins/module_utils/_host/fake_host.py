# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory for tests that looks like /proc, with the files of each process that a host check reads."""

import os
import struct


class FakeProc:
    def __init__(self, folder):
        self.folder = folder
        (folder / "net").mkdir(parents=True)
        self._inode = 1000
        self._sockets = []
        self._write_table()

    def __str__(self):
        return str(self.folder)

    def add(self, pid, comm, arguments, exe="/usr/bin/true", cwd="/", uid=0, parent=1, started=100.0, state="S"):
        folder = self.folder / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "comm").write_text(comm + "\n")
        (folder / "cmdline").write_bytes("\0".join(arguments).encode() + b"\0")
        ticks = int(started * os.sysconf("SC_CLK_TCK"))
        between = " ".join(["0"] * 17)
        (folder / "stat").write_text(f"{pid} ({comm}) {state} {parent} {between} {ticks} 0 0\n")
        (folder / "status").write_text(f"Name:\t{comm}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n")
        (folder / "exe").symlink_to(exe)
        (folder / "cwd").symlink_to(cwd)
        (folder / "fd" / "0").symlink_to("/dev/null")
        return self

    def listen(self, pid, port, address="0.0.0.0"):
        self._inode += 1
        if pid is not None:
            (self.folder / str(pid) / "fd" / str(self._inode)).symlink_to(f"socket:[{self._inode}]")
        self._sockets.append((address, port, self._inode))
        self._write_table()
        return self

    def remove(self, pid):
        for path in sorted((self.folder / str(pid)).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        (self.folder / str(pid)).rmdir()

    def _write_table(self):
        lines = ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"]
        for number, (address, port, inode) in enumerate(self._sockets):
            word = struct.unpack("=I", bytes(int(part) for part in address.split(".")))[0]
            lines.append(
                f"   {number}: {word:08X}:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
                f"  1001        0 {inode} 1 0000000000000000 100 0 0 10 0"
            )
        (self.folder / "net" / "tcp").write_text("\n".join(lines) + "\n")


HOME = "/opt/taobao/install/obproxy-1.9.1.1"


def add_proxy(proc, pid=4711, home=HOME, port=2883, **more):
    """Add a proxy as obproxyd.sh starts it, listening on its SQL port and the next port."""
    arguments = [
        "./bin/obproxy",
        "-p",
        str(port),
        "-n",
        "demo",
        "-o",
        "obproxy_config_server_url=http://ocp:8080/x?a=b",
    ]
    proc.add(pid, "obproxy", arguments, exe=home + "/bin/obproxy", cwd=home, **more)
    return proc.listen(pid, port).listen(pid, port + 1)


def add_daemon(proc, pid=4700, home=HOME, **more):
    arguments = ["/bin/bash", "./bin/obproxyd.sh", "-c", "checkalive", "-p", "2883", "-n", "demo"]
    return proc.add(pid, "obproxyd.sh", arguments, exe="/usr/bin/bash", cwd=home, **more)
