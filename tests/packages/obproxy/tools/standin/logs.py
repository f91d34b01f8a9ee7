# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in's log files, in OBProxy's format."""

import os
import time

NAMES = ["", "_digest", "_error", "_limit", "_pool", "_pool_stat", "_slow", "_stat", "_trace", "_xflush"]


class Log:
    def __init__(self, folder, release):
        self._folder = folder
        self._release = release
        names = NAMES + (["_diagnosis"] if release.has_diagnosis_log else [])
        for name in names:
            open(self._path(name), "a").close()

    def info(self, message):
        self._write("", "INFO  [PROXY] standin", "[lt=0] [dc=0] " + message)

    def warn(self, message):
        self._write("", "WDIAG [PROXY] standin", "[lt=0] [dc=0] " + message)

    def error(self, message):
        self._write("", "EDIAG [PROXY] standin", "[lt=0] [dc=0] " + message)

    def verdict(self, succeeded):
        """Write the line with which release 4 and later report the result of a start."""
        if not self._release.has_diagnosis_log:
            return
        system = os.uname()
        text = (
            '[REBOOT](info="obproxy version: {}, revision: stand-in, sysname: {}, os release {}, machine: {}, '
            'pid: {}, ppid: {}, result: reboot {}")'
        )
        result = "success" if succeeded else "failed"
        facts = (self._release.title, system.sysname, system.release, system.machine, os.getpid(), os.getppid())
        self._write("_diagnosis", "", text.format(*facts, result))

    def _path(self, name):
        return os.path.join(self._folder, f"obproxy{name}.log")

    def _write(self, name, where, message):
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)) + f".{int(now % 1 * 1000000):06d}"
        process = f"[{os.getpid()}][Y0-0000000000000000]"
        words = [f"[{stamp}]", where, process, message]
        with open(self._path(name), "a") as file:
            file.write(" ".join(word for word in words if word) + "\n")
