# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation of the stand-in packages with rpm and dnf on a host."""

OLD, NEW = "obproxy-1.9.1.1-1919579.el7", "obproxy-3.2.3.5-2.el7"
HOME = "/opt/taobao/install/obproxy-1.9.1.1"


def dnf(host, repository, *arguments):
    source = f"--repofrompath=standins,file://{repository}"
    # On Debian, the rpm database is empty, so dnf cannot get the release from it.
    options = ["--assumeyes", "--quiet", "--releasever=7", "--disablerepo=*", source, "--enablerepo=standins"]
    return host.run("dnf", *options, "--nogpgcheck", "--setopt=cachedir=/var/cache/scratch", *arguments)


def installed(host):
    return sorted(host.check("rpm", "-qa").split())


def test_dnf_finds_a_base_system_for_the_package_that_wants_bin_sh(host, repository):
    assert dnf(host, repository, "install", OLD).returncode == 0
    assert [name.rsplit(".", 1)[0] for name in installed(host)] == ["base-system-standin-1-1", OLD]


def test_dnf_finds_nothing_by_a_release_without_its_dist_tag(host, repository):
    result = dnf(host, repository, "install", "obproxy-1.9.1.1-1919579")
    assert result.returncode == 1
    assert "Unable to find a match: obproxy-1.9.1.1-1919579" in result.stderr
    assert installed(host) == []


def test_dnf_installs_nc_by_the_name_of_its_command(host, repository):
    assert host.run("which", "nc").returncode == 1
    assert dnf(host, repository, "install", "nc").returncode == 0
    assert host.run("which", "nc").returncode == 0


def test_files_belong_to_admin_and_there_is_no_link_no_unit_no_user_of_the_package(host, repository):
    dnf(host, repository, "install", OLD)
    assert host.check("stat", "--format", "%U:%G", HOME, f"{HOME}/bin/obproxy").split() == ["admin:admin"] * 2
    assert host.run("test", "-e", "/opt/taobao/install/obproxy").returncode == 1
    assert host.check("rpm", "--verify", OLD) == ""


def test_without_admin_rpm_only_warns_and_gives_the_files_to_root(host, repository):
    host.check("userdel", "admin")
    dnf(host, repository, "install", "base-system-standin")
    result = host.run("rpm", "--install", *map(str, repository.glob(OLD + "*")))
    assert result.returncode == 0
    assert "user admin does not exist - using root" in result.stderr
    assert host.check("stat", "--format", "%U", f"{HOME}/bin/obproxy") == "root\n"


def test_an_upgrade_removes_the_old_version_s_programs(host, repository):
    dnf(host, repository, "install", OLD)
    assert dnf(host, repository, "install", NEW).returncode == 0
    assert host.run("test", "-e", f"{HOME}/bin").returncode == 1
    assert NEW in installed(host)[1]


def test_a_reinstall_loses_the_saved_configuration(host, repository, proxy):
    proxy.start()
    assert proxy.settle()
    proxy.host.run("pkill", "-9", "-x", "obproxy")
    assert "etc/obproxy_config.bin" in proxy.files()
    host.check("rpm", "--reinstall", *map(str, repository.glob(OLD + "*")))
    assert "etc/obproxy_config.bin" not in proxy.files()
