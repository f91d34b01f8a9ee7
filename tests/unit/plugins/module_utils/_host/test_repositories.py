# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packages in the host's repositories, queried within a time limit."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host.command import CommandError, CommandTimeout
from ansible_collections.obops.oceanbase.plugins.module_utils._host.repositories import (
    Repositories,
    choice,
    excluded_by,
    parse_yum,
)

TWO = "obproxy\t1.9.1.1\t1919579.el7\tx86_64\nobproxy\t3.2.3.5\t2.el7\tx86_64\nobproxy-x\t1\t1\tnoarch\n"
DNF = {"pid": 99, "name": "dnf", "user": "root"}


class Manager:
    """A package manager with given answers, and a clock that advances only by sleeping."""

    def __init__(self, *answers, holders=(), kind="dnf4", options=(), names=("obproxy",)):
        self.answers = list(answers)
        self.holders = list(holders)
        self.commands = []
        self.now = 0.0
        self.repositories = Repositories(
            kind, list(options), 180, list(names), self.execute, self.holder, self.holder, lambda: self.now, self.sleep
        )

    def look(self, version="1.9.1.1", root="/nowhere"):
        return self.repositories.look("obproxy", lambda package: package["version"] == version, root)

    def execute(self, command, timeout):
        assert timeout == 180
        self.commands.append(command)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def holder(self):
        return self.holders.pop(0) if len(self.holders) > 1 else (self.holders or [None])[0]

    def sleep(self, seconds):
        self.now += seconds


def test_the_version_that_fits_is_found_among_those_of_that_name():
    manager = Manager(TWO)
    found = manager.look()
    assert [package["nevra"] for package in found["fitting"]] == ["obproxy-1.9.1.1-1919579.el7.x86_64"]
    assert found["fitting"][0]["release_without_dist_tag"] == "1919579"
    assert len(found["packages"]) == 2
    (command,) = manager.commands
    assert (command[0].rpartition("/")[2], command[1]) == ("dnf", "-q")
    assert "--showduplicates" in command


@pytest.mark.parametrize(
    ("kind", "excludes"), [("dnf4", "--disableexcludes=all"), ("dnf5", "--setopt=disable_excludes=*")]
)
def test_a_version_that_is_missing_is_looked_for_among_the_excluded(kind, excludes):
    manager = Manager("", TWO, kind=kind)
    found = manager.look()
    assert (found["packages"], found["fitting"]) == ([], [])
    assert [package["nevra"] for package in found["excluded"]] == ["obproxy-1.9.1.1-1919579.el7.x86_64"]
    assert excludes in manager.commands[1]


def test_a_lock_is_waited_for_and_its_holder_named():
    manager = Manager(TWO, holders=[DNF, DNF, None])
    assert manager.look()["fitting"]
    assert manager.now == 2
    manager = Manager(holders=[DNF])
    found = manager.look()
    assert (found["locked_by"], found["error"]) == (DNF, None)
    assert manager.now == 30


def test_a_package_manager_that_does_not_end_is_reported_with_what_it_may_wait_for():
    manager = Manager(CommandTimeout("dnf has not ended after 180 s"), holders=[None, DNF])
    found = manager.look()
    assert (found["error"], found["locked_by"]) == ("dnf has not ended after 180 s", DNF)


def test_a_repository_that_cannot_be_read_is_no_empty_one():
    found = Manager(CommandError("Failed to download metadata for repo 'lab'")).look()
    assert found["error"] == "Failed to download metadata for repo 'lab'"


NC = "nmap-ncat\t7.70\t8.el8\tx86_64\n"


def test_packages_of_missing_commands_are_listed_together_with_the_proxy():
    manager = Manager(TWO + NC, "iproute-0:5.18", "", NC, names=["obproxy", "nmap-ncat", "/usr/bin/ss", "/usr/bin/x"])
    assert manager.look()["fitting"]
    assert len(manager.commands) == 1
    assert manager.repositories.missing(["nmap-ncat", "/usr/bin/ss", "/usr/bin/x"]) == {
        "packages": ["/usr/bin/x"],
        "excluded_by": [],
    }
    assert manager.commands[0][-3:] == ["obproxy", "nmap-ncat", "--showduplicates"]


def test_a_package_that_is_excluded_is_missing_and_the_exclusion_is_named(tmp_path):
    (tmp_path / "etc/yum.repos.d").mkdir(parents=True)
    (tmp_path / "etc/yum.repos.d/lab.repo").write_text("[lab]\nexcludepkgs=nmap-ncat\n")
    found = Manager("", NC, names=["nmap-ncat"]).repositories.missing(["nmap-ncat"], str(tmp_path))
    assert found == {
        "packages": ["nmap-ncat"],
        "excluded_by": ["excludepkgs=nmap-ncat in /etc/yum.repos.d/lab.repo"],
    }


def test_yum_cannot_look_for_a_file_so_no_file_is_missing():
    assert Manager(kind="yum", names=["/usr/bin/ss"]).repositories.missing(["/usr/bin/ss"])["packages"] == []


def test_packages_are_not_missing_because_they_cannot_be_listed():
    assert (
        Manager(CommandError("Failed to download metadata"), names=["nmap-ncat"]).repositories.missing(["nmap-ncat"])
        is None
    )


def test_repositories_that_are_disabled_come_before_those_that_are_enabled():
    options = choice(["lab"], ["*"])
    assert options == ["--disablerepo=*", "--enablerepo=lab"]
    manager = Manager(TWO, options=options)
    manager.look()
    assert "--disablerepo=* --enablerepo=lab" in " ".join(manager.commands[0])


YUM = """\
Available Packages
obproxy.x86_64      1.9.1.1-1919579.el7       lab
obproxy.x86_64      1:3.2.3.5-2.el7
                                              a-repository-with-a-long-name
"""


def test_yums_list_is_read_though_it_breaks_lines():
    assert [package["nevra"] for package in parse_yum(YUM)] == [
        "obproxy-1.9.1.1-1919579.el7.x86_64",
        "obproxy-3.2.3.5-2.el7.x86_64",
    ]


def test_yum_says_by_an_error_that_there_is_none():
    manager = Manager("", CommandError("Error: No matching Packages to list"), "", YUM, kind="yum")
    found = manager.look()
    assert (found["packages"], found["error"]) == ([], None)
    assert [package["version"] for package in found["excluded"]] == ["1.9.1.1"]
    assert "--disableplugin=versionlock" in manager.commands[3]


def test_what_excludes_a_package_is_named_with_its_file(tmp_path):
    package = {"name": "obproxy", "nevra": "obproxy-1.9.1.1-1919579.el7.x86_64"}
    assert excluded_by(package, str(tmp_path)) == []
    for name, text in {
        "etc/dnf/dnf.conf": "[main]\nexclude=kernel* obproxy-1*\n",
        "etc/yum.repos.d/lab.repo": "[lab]\n excludepkgs = nmap-ncat, obproxy\n",
        "etc/yum.repos.d/other.repo": "[other]\n#exclude=obproxy\nexclude=obproxy-ce*\n",
        "etc/dnf/plugins/versionlock.list": "# obproxy\nobproxy-0:3.2.3.5-2.*\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    # A symlink to the same file is not reported again.
    (tmp_path / "etc/yum.conf").symlink_to("dnf/dnf.conf")
    assert excluded_by(package, str(tmp_path)) == [
        "exclude=kernel* obproxy-1* in /etc/dnf/dnf.conf",
        "excludepkgs=nmap-ncat, obproxy in /etc/yum.repos.d/lab.repo",
        "versionlock in /etc/dnf/plugins/versionlock.list",
    ]
