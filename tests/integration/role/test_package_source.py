# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package from the repository, a file or a URL: the role installs exactly the wanted one or reports an error."""

import hashlib

import pytest

from tests.lab import repository

from .hosts import INSTALL, RPM


def test_a_missing_version_is_reported_with_those_in_the_repository(host):
    message = host.role(obproxy_package_version="1.8.0-1").message()
    assert (
        f"{host.name}: package_missing: none of the packages in the host's repositories is obproxy 1.8.0-1" in message
    )
    assert "obproxy-1.9.1.1-1919579.el7.x86_64, obproxy-3.2.3.5-2.el7.x86_64" in message
    assert host.untouched()


def test_check_mode_finds_the_same(host):
    assert "package_missing: " in host.role("--check", obproxy_package_version="1.8.0-1").message()


def test_a_package_file_on_the_host_is_installed(host):
    host.role(*INSTALL, obproxy_package_source=f"/srv/packages/{RPM}", obproxy_disable_gpg_check=True).ok()
    assert host.run("rpm -q obproxy") + ".rpm" == RPM


def test_a_package_behind_a_url_is_fetched_and_nothing_is_left_of_it(host, web):
    host.role(*INSTALL, obproxy_package_source=f"{web}/{RPM}", obproxy_disable_gpg_check=True).ok()
    assert host.run("rpm -q obproxy") + ".rpm" == RPM
    assert host.run("ls -d /tmp/*obproxy* ~root/.ansible/tmp/*obproxy* 2>/dev/null || true") == ""


def test_check_mode_with_a_url_changes_nothing(host, web):
    host.role(*INSTALL, "--check", obproxy_package_source=f"{web}/{RPM}", obproxy_disable_gpg_check=True).ok()
    assert host.untouched()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("/srv/packages/obproxy-3.2.3.5-2.el7.x86_64.rpm", "is obproxy-3.2.3.5-2.el7.x86_64"),
        ("/srv/packages/nmap-ncat-6.40-0.standin.noarch.rpm", "is nmap-ncat-6.40-0.standin.noarch"),
        ("/srv/packages/nothing.rpm", "is no RPM package on this host"),
        ("/etc/passwd", "is no RPM package on this host"),
    ],
)
def test_a_package_file_that_is_not_the_wanted_one_is_refused(host, source, found):
    message = host.role(obproxy_package_source=source).message()
    assert f"package_file: obproxy_package_source {source} {found}; needed: obproxy 1.9.1.1-1919579" in message
    assert host.untouched()


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("obproxy-3.2.3.5-2.el7.x86_64.rpm", "is obproxy-3.2.3.5-2.el7.x86_64"),
        ("nothing.rpm", "could not be downloaded"),
        ("repodata/repomd.xml", "is no RPM package"),
    ],
)
def test_a_package_behind_a_url_that_is_not_the_wanted_one_is_refused(host, web, file, found):
    message = host.role(obproxy_package_source=f"{web}/{file}", obproxy_commands_to_check=[]).message()
    assert f"obproxy_package_source {web}/{file} {found}" in message
    assert host.untouched()


def test_an_unsigned_package_file_is_refused_unless_it_is_allowed(host):
    message = host.role(obproxy_package_source="/srv/packages/obproxy-1.9.1.1-1919579.el7.x86_64.rpm").message()
    assert "is not signed" in message
    assert "set obproxy_disable_gpg_check" in message
    assert "What the role created before is kept: the user admin" in message
    assert "not installed" in host.run("rpm -q obproxy || true")


@pytest.mark.parametrize("place", ["/srv/packages", "web"])
def test_a_package_is_checked_against_its_checksum(host, web, place):
    source = f"{web if place == 'web' else place}/{RPM}"
    content = (repository.ensure("stand-in") / RPM).read_bytes()
    wanted = {"obproxy_package_source": source, "obproxy_disable_gpg_check": True}
    wrong = host.role(*INSTALL, **wanted, obproxy_package_checksum="sha256:" + "0" * 64).message()
    assert "0" * 64 in wrong
    assert hashlib.sha256(content).hexdigest() in wrong
    assert "not installed" in host.run("rpm -q obproxy || true")
    right = "sha1:" + hashlib.sha1(content).hexdigest()
    host.role(*INSTALL, **wanted, obproxy_package_checksum=right).ok()
    assert host.run("rpm -q obproxy") + ".rpm" == RPM
