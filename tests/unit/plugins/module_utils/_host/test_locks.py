# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process that holds a lock of rpm or of the package manager."""

import os

from ansible_collections.obops.oceanbase.plugins.module_utils._host import locks

from .fake_host import FakeProc


def host(folder):
    proc = FakeProc(folder / "proc")
    proc.add(99, "dnf", ["/usr/bin/python3", "/usr/bin/dnf", "upgrade"])
    return proc


def write(root, path, text=""):
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def test_without_a_lock_there_is_no_holder(tmp_path):
    assert locks.holder(str(host(tmp_path)), str(tmp_path)) is None


def test_the_pid_in_dnfs_file_is_named(tmp_path):
    proc = host(tmp_path)
    write(tmp_path, "var/cache/dnf/metadata_lock.pid", "99")
    assert locks.told(locks.holder(str(proc), str(tmp_path))) == "process 99 (dnf, user root)"


def test_a_pid_file_of_a_process_that_has_ended_is_no_lock(tmp_path):
    write(tmp_path, "var/cache/dnf/metadata_lock.pid", "98")
    write(tmp_path, "var/lib/dnf/rpmdb_lock.pid", "")
    assert locks.holder(str(host(tmp_path)), str(tmp_path)) is None


def test_a_lock_of_rpms_is_found_by_its_file(tmp_path):
    proc = host(tmp_path)
    status = write(tmp_path, "var/lib/rpm/.rpm.lock").stat()
    place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    lines = [
        "1: POSIX  ADVISORY  WRITE 98 00:17:4711 0 EOF",
        f"2: POSIX  ADVISORY  WRITE 99 {place} 0 EOF",
        f"2: -> POSIX  ADVISORY  WRITE 97 {place} 0 EOF",
    ]
    (tmp_path / "proc" / "locks").write_text("\n".join(lines) + "\n")
    assert locks.holder(str(proc), str(tmp_path))["pid"] == 99


def test_where_no_lock_shows_a_process_that_works_with_packages_is_suspected(tmp_path):
    assert locks.suspect(str(host(tmp_path)), str(tmp_path))["name"] == "dnf"
    assert locks.suspect(str(FakeProc(tmp_path / "idle")), str(tmp_path)) is None
