# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script tests/packages/build, as its users call it."""

import ast
import gzip
import subprocess

import pytest

from .conftest import BUILD, build
from .proxy import facts
from .scratch_host import ROOT

STANDINS = ["obproxy-1.9.1.1-1919579.el7", "obproxy-3.2.3.5-2.el7"]


def named(packages, start):
    return next(path for name, path in packages.items() if name.startswith(start))


@pytest.fixture
def packages(repository):
    return {path.name: path for path in repository.glob("*.rpm")}


def test_a_folder_gets_two_stand_ins_a_base_system_and_nc(packages):
    starts = sorted(name.rsplit(".", 2)[0] for name in packages)
    assert starts == sorted([*STANDINS, "base-system-standin-1-1", "nmap-ncat-6.40-0.standin"])


def test_every_package_says_that_it_is_a_stand_in(packages):
    for path in packages.values():
        assert "stand-in" in facts(path, "%{SUMMARY}"), path
        assert "stand-in" in facts(path, "%{DESCRIPTION}"), path


@pytest.mark.parametrize("start", STANDINS)
def test_a_stand_in_has_the_traps_of_the_enterprise_package(packages, start):
    package = named(packages, start)
    home = facts(package, "/opt/taobao/install/obproxy-%{VERSION}")
    assert facts(package, "[%{PREFIXES}]") == "/opt/taobao/install"
    assert facts(package, "[%{FILEUSERNAME}:%{FILEGROUPNAME} ]").split() == ["admin:admin"] * len(
        facts(package, "[%{FILENAMES} ]").split()
    )
    needs = set(facts(package, "[%{REQUIRENAME} ]").split())
    assert {need for need in needs if not need.startswith("rpmlib(")} == {"/bin/sh"}
    deleted = [f"rm -rf {home}/{name}" for name in ("log", "bin", "etc", ".conf")]
    assert facts(package, "%{PREIN}").split("\n") == deleted
    assert facts(package, "%{POSTIN}%{PREUN}%{POSTUN}") == "(none)" * 3
    links = dict(pair.split(">") for pair in facts(package, "[%{FILENAMES}>%{FILELINKTOS} ]").split())
    assert links[f"{home}/log"] == "/home/admin/logs/obproxy/log"
    assert links[f"{home}/minidump"] == "/home/admin/logs/obproxy/minidump"
    tree = {"bin/obproxy", "bin/obproxyd.sh", "bin/obp_xflush.py", "bin/unzip.py", "tools", "start_obproxy.sh"}
    assert {f"{home}/{name}" for name in tree} <= set(links)
    assert not [name for name in links if "__pycache__" in name or name.endswith("ruff.toml")]


def test_what_is_up_to_date_is_left_alone(tmp_path):
    def times():
        return {path: path.stat().st_mtime_ns for path in (tmp_path / "repository").rglob("*") if path.is_file()}

    build(tmp_path / "repository")
    before = times()
    build(tmp_path / "repository")
    assert {path: time for path, time in times().items() if path.name != ".lock"} == {
        path: time for path, time in before.items() if path.name != ".lock"
    }


def test_a_package_that_went_missing_is_built_again(tmp_path):
    packages = build(tmp_path)
    named(packages, STANDINS[0]).unlink()
    assert build(tmp_path).keys() == packages.keys()


def test_a_real_package_takes_the_place_of_the_stand_ins(tmp_path, packages):
    real = tmp_path / "obproxy-9.9.9-1.el7.x86_64.rpm"
    real.write_bytes(named(packages, STANDINS[0]).read_bytes())
    names = build(tmp_path / "repository", "--real", str(real))
    assert sorted(names) == sorted(name for name in [*packages, real.name] if not name.startswith(tuple(STANDINS)))
    (index,) = (tmp_path / "repository" / "repodata").glob("*primary.xml.gz")
    assert real.name in gzip.decompress(index.read_bytes()).decode()


def test_a_missing_real_package_is_reported(tmp_path):
    result = subprocess.run(
        [str(BUILD), "--real", "no-such.rpm", str(tmp_path / "repository")], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "there is no file no-such.rpm" in result.stderr
    assert not (tmp_path / "repository").exists()


def test_missing_tools_are_named_with_the_packages_that_bring_them(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to("/usr/bin/python3")
    result = subprocess.run(
        ["/usr/bin/env", str(BUILD), str(tmp_path / "repository")],
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path / "bin")},
    )
    assert result.returncode == 1
    assert "rpmbuild (package rpm" in result.stderr
    assert "createrepo_c (package createrepo-c" in result.stderr


def test_the_stand_in_keeps_to_python_3_6():
    sources = [*(ROOT / "tests" / "packages").rglob("*.py"), ROOT / "tests" / "packages" / "nc" / "nc"]
    assert len(sources) > 10
    for source in sources:
        ast.parse(source.read_text(), str(source), feature_version=(3, 6))
