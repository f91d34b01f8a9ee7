# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the look at a host may have found: one clear message each. All in one run, a host each, and no host is asked.

What takes real hosts to show is in test_unfit_host.py.
"""

import copy
import json
import re

import pytest
import yaml

from .hosts import HOME, ROOT, VARIABLES, Run, ansible

ROLE = ROOT / "roles" / "obproxy"
LINK = "/opt/taobao/install/obproxy"
LOGS = ("/home/admin/logs/obproxy/log", "/home/admin/logs/obproxy/minidump")
GIB = 1 << 30
PACKAGE = {"nevra": "obproxy-1.9.1.1-1919579.el7.x86_64", "home": HOME}
PROXY = {
    "pid": 4711,
    "name": "obproxy",
    "kind": "proxy",
    "user": "admin",
    "executable": f"{HOME}/bin/obproxy",
    "home": HOME,
    "ports": [2883, 2884],
    "sql_port": 2883,
}


def path(where="/", free=GIB, read_only=False, type=None):
    filesystem = {"path": where, "free": free, "read_only": read_only}
    return {"exists": type is not None, "type": type, "target": None, "owner": None, "filesystem": filesystem}


#: What obproxy_info finds on a host where nothing of OBProxy is.
FRESH = {
    "root": True,
    "processes": [],
    "packages": [],
    "package_file": None,
    "package_manager": "dnf4",
    "listeners": [],
    "commands": {"nc": None},
    "user": {"exists": False, "home": None, "group_exists": False},
    "addresses": ["10.0.0.11"],
    "paths": {LINK: path(), HOME: path(), **{log: path() for log in LOGS}},
}


def host(paths=None, **found):
    look = copy.deepcopy({**FRESH, **found})
    look["paths"].update(paths or {})
    return look


def running(**found):
    return host(processes=[PROXY], packages=[PACKAGE], commands={"nc": "/usr/bin/nc"}, **found)


ADMIN_ELSEWHERE = {"exists": True, "home": "/data/admin", "group_exists": True}
CASES = {
    "not-root": (host(root=False), "set `become: true` for the play"),
    "other-process": (
        host(
            processes=[
                {**PROXY, "executable": "/home/admin/obproxy-4.2.1/bin/obproxy", "home": "/home/admin/obproxy-4.2.1"}
            ]
        ),
        "Another OBProxy runs: process 4711, /home/admin/obproxy-4.2.1/bin/obproxy, user admin",
    ),
    "two-processes": (
        host(processes=[PROXY, {**PROXY, "pid": 4712}], packages=[PACKAGE]),
        "process 4712, obproxy, user admin, ports 2883 and 2884",
    ),
    "port": (
        host(listeners=[{"port": 2883, "pid": 50, "name": "mysqld", "user": "mysql", "obproxy": False}]),
        "Port 2883 (obproxy_sql_port) is taken by process 50 (mysqld, user mysql)",
    ),
    "port-of-nobody": (
        host(listeners=[{"port": 2884, "pid": None, "name": None, "user": None, "obproxy": False}]),
        "Port 2884 (obproxy_exporter_port) is taken by a process that cannot be seen",
    ),
    "community": (
        host(packages=[{"nevra": "obproxy-ce-4.2.1.0-11.el7.x86_64", "home": "/home/admin/obproxy-4.2.1.0"}]),
        "obproxy-ce-4.2.1.0-11.el7.x86_64 is installed, but obproxy 1.9.1.1-1919579 is wanted",
    ),
    "other-place": (
        host(packages=[{**PACKAGE, "home": "/home/admin/obproxy-1.9.1.1"}]),
        "is installed in /home/admin/obproxy-1.9.1.1, but OCP takes over only proxies in",
    ),
    "no-package": (host(processes=[PROXY]), "but no package of OBProxy is installed. Installing one would delete"),
    "link": (host({LINK: path(type="directory")}), "/opt/taobao/install/obproxy is a directory, but has to become"),
    "read-only": (host({HOME: path("/opt", read_only=True)}), "/opt is on a read-only file system"),
    "read-only-logs": (host({LOGS[0]: path("/home", read_only=True)}), "/home is on a read-only file system"),
    "no-space": (host({HOME: path("/opt", free=10 << 20)}), "No space: /opt has 10.00 MB left"),
    "no-space-for-the-file": (host(package_file={"nevra": PACKAGE["nevra"], "size": 2 * GIB}), f"{HOME} needs 2.00 GB"),
    "no-space-for-logs": (host({LOGS[0]: path("/home", free=0)}), "No space: /home has 0.00"),
    "home-of-admin": (host(user=ADMIN_ELSEWHERE), "The user admin has the home directory /data/admin, but"),
    "loopback-only": (host(addresses=[]), "The host has no IPv4 address but 127.x"),
    "no-package-manager": (
        host(package_manager=None),
        "Neither dnf nor yum is here, so OBProxy and nc cannot be installed",
    ),
}
FINE = {
    "fresh": host(),
    "admin-is-there": host(user={**ADMIN_ELSEWHERE, "home": "/home/admin"}),
    "runs": running(),
    # What runs fits already, and is left alone.
    "runs-on-a-full-disk": running(paths={HOME: path("/opt", free=0)}),
    "runs-with-admin-elsewhere": running(user=ADMIN_ELSEWHERE),
}
PLAY = [
    {
        "name": "Check what was found",
        "hosts": "all",
        "gather_facts": False,
        "vars_files": [str(file) for part in ("defaults/*.yml", "vars/main/*.yml") for file in ROLE.glob(part)],
        "tasks": [
            {
                "name": "Tell the problems",
                "ansible.builtin.assert": {
                    "that": "__obproxy_host_problems | length == 0",
                    "fail_msg": "{{ __obproxy_host_problems | join('\n') }}",
                    "quiet": True,
                },
            }
        ],
    }
]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    looks = {**{name: case[0] for name, case in CASES.items()}, **FINE}
    hosts = {name: {"__obproxy_look": {"obproxy": look}} for name, look in looks.items()}
    folder = tmp_path_factory.mktemp("checks")
    inventory, variables = folder / "hosts.json", folder / "variables.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    variables.write_text(json.dumps(VARIABLES))
    run = Run(
        ansible("ansible-playbook", "-i", inventory, "-e", f"@{variables}", "/dev/stdin", text=yaml.safe_dump(PLAY))
    )
    assert "Traceback" not in run.output and "undefined" not in run.output, run.output
    return run.output


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_a_host_is_told_alone(output, name):
    found = re.search(rf"^fatal: \[{name}\].*$", output, re.MULTILINE)
    assert found, output
    assert CASES[name][1] in found.group(0)
    # One line for each problem, and there is one.
    message = json.loads(found.group(0).split("=> ", 1)[1])["msg"]
    assert "\n" not in message.strip()
    assert "  " not in message


@pytest.mark.parametrize("name", FINE)
def test_a_host_that_fits_is_let_through(output, name):
    assert re.search(rf"^{name} +: ok=1 ", output, re.MULTILINE), output
