# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about the host other than its processes and packages."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import system
from ansible_collections.obops.oceanbase.plugins.module_utils._host.layout import UNIT_MARK


@pytest.mark.parametrize(
    "name, content, flavour",
    [
        ("ncat", b"", "nmap-ncat"),
        ("nc.openbsd", b"", "netcat-openbsd"),
        ("nc.traditional", b"", "netcat-traditional"),
        ("busybox", b"", "busybox"),
        # The packages of some distributions call the file itself nc.
        ("nc", b"\x7fELF..OpenBSD netcat (Debian patchlevel 1.219-1)..", "netcat-openbsd"),
        ("nc", b"\x7fELF..https://nmap.org/ncat..", "nmap-ncat"),
        ("nc", b"\x7fELF..[v1.10-47]..", "netcat-traditional"),
        ("nc", b"#!/bin/sh\n", None),
    ],
)
def test_the_flavour_of_nc_is_that_of_the_file_it_leads_to(tmp_path, name, content, flavour):
    (tmp_path / name).write_bytes(content)
    link = tmp_path / "bin"
    link.symlink_to(name)
    found = system.find_nc(which=lambda command, path: str(link))
    assert found == {"path": str(link), "target": str(tmp_path / name), "flavour": flavour}


def test_without_nc_there_is_no_flavour():
    assert system.find_nc(which=lambda command, path: None) == {"path": None, "target": None, "flavour": None}


def test_each_directory_of_a_version_is_listed(tmp_path):
    for version in ("1.9.1.1", "3.2.3.5"):
        (tmp_path / f"obproxy-{version}" / "etc").mkdir(parents=True)
    (tmp_path / "obproxy-3.2.3.5" / "etc" / "obproxy_config.bin").write_text("")
    (tmp_path / "obproxy-file").write_text("")
    (tmp_path / "obproxy-link").symlink_to("obproxy-1.9.1.1")
    (tmp_path / "obproxy-3.2.3.5" / "bin").mkdir()
    (tmp_path / "obproxy-3.2.3.5" / "bin" / "obproxy").write_text("")
    found = system.find_installations([str(tmp_path / "obproxy-*")])
    assert [(each["version"], each["program"]) for each in found] == [("1.9.1.1", False), ("3.2.3.5", True)]
    assert [(each["version"], each["saved_configuration"]) for each in found] == [("1.9.1.1", False), ("3.2.3.5", True)]


def test_the_file_system_of_what_is_not_there_is_that_of_the_nearest_directory(tmp_path):
    (tmp_path / "file").write_text("")
    for missing in ("a/b/c", "file/x"):
        found = system.find_filesystem(str(tmp_path / missing))
        assert (found["path"], found["read_only"]) == (str(tmp_path), False)
        assert found["free"] > 0
    assert system.find_filesystem("/no-such-directory/x")["path"] == "/"


def test_the_real_path_is_returned_with_the_symlink_on_the_way(tmp_path):
    (tmp_path / "data" / "taobao").mkdir(parents=True)
    (tmp_path / "opt").symlink_to("data")
    found = system.find_path(str(tmp_path / "opt" / "taobao" / "install"))
    assert (found["exists"], found["real"]) == (False, str(tmp_path / "data" / "taobao" / "install"))
    assert system.first_link(str(tmp_path / "opt" / "taobao" / "install")) == str(tmp_path / "opt")
    assert system.first_link(str(tmp_path / "data" / "taobao")) is None


def test_a_checksum_is_that_of_the_file(tmp_path):
    (tmp_path / "file").write_text("x")
    assert system.checksum_of(str(tmp_path / "file"), "md5") == "9dd4e461268c8034f5c8564e155c67a6"
    assert system.checksum_of(str(tmp_path / "nothing"), "md5") is None
    assert system.checksum_of(str(tmp_path / "file"), "md0") is None


@pytest.mark.parametrize(
    "commands, expected",
    [
        # EL8: both commands are symlinks to one program.
        ({"dnf": "dnf-3", "yum": "dnf-3"}, "dnf4"),
        ({"dnf": "dnf5", "yum": "dnf5"}, "dnf5"),
        # EL7: yum is a separate program.
        ({"yum": "yum"}, "yum"),
        # yum is only another name for dnf.
        ({"yum": "dnf-3"}, "dnf4"),
        ({}, None),
    ],
)
def test_the_package_manager_is_the_program_behind_the_name(tmp_path, commands, expected):
    paths = {}
    for command, program in commands.items():
        (tmp_path / program).write_text("")
        paths[command] = tmp_path / command
        if command != program:
            paths[command].symlink_to(program)
    assert system.find_package_manager(which=lambda command, path: paths.get(command)) == expected


@pytest.mark.parametrize(
    ("content", "exists", "ours"),
    [(None, False, False), ("[Unit]\n", True, False), (f"{UNIT_MARK}; changes are lost.\n[Unit]\n", True, True)],
)
def test_a_unit_of_the_role_is_known_by_its_mark(tmp_path, content, exists, ours):
    path = tmp_path / "obproxy.service"
    if content is not None:
        path.write_text(content)
    found = system.find_unit(str(path), UNIT_MARK)
    assert found == {"path": str(path), "name": "obproxy.service", "exists": exists, "ours": ours}
