# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look at a host returns, made up: for fleets of the unit tests and for those of the playbooks' tests."""

HOME = "/opt/taobao/install/obproxy-4.2.1"


def process(home=HOME, **changes):
    """A process of OBProxy as OCP wants it."""
    return {
        "pid": 4711,
        "kind": "proxy",
        "name": "obproxy",
        "user": "admin",
        "executable": f"{home}/bin/obproxy",
        "home": home,
        "ports": [2883, 2884],
        "sql_port": 2883,
        "started_by": "obproxyd",
        "start_mode": "config_url",
        "ob_clusters": [],
        "config_url": None,
        "proxysys_private_only": False,
        **changes,
    }


def look(
    *processes, problems=(), blockers=(), action="nothing", version="4.2.1", release="11", home=HOME, idle=None, **more
):
    """The result of the look at a host; without a process nothing runs there.

    idle: whether the role has nothing to do there; by default if its action is nothing.
    """
    package = {
        "name": "obproxy",
        "nevra": f"obproxy-{version}-{release}.el7.x86_64",
        "version": version,
        "release_without_dist_tag": release,
        "home": home,
    }
    return {
        "obproxy": {
            "root": True,
            "processes": list(processes),
            "packages": [package],
            "login": None,
            "listeners": [],
            "installations": [],
            "rpm_error": None,
            "problems": list(problems),
            "takeover_blockers": list(blockers),
            "todo": {
                "action": action,
                "version": version,
                "installed": action != "install",
                "idle": action == "nothing" if idle is None else idle,
            },
            "unit": {"exists": False, "ours": False},
            **more,
        }
    }


def finding(name, found="something is wrong", cure="Correct it."):
    return {
        "name": name,
        "found": found,
        "needed": "that it is right",
        "cure": cure,
        "text": f"{name}: {found}. {cure}",
    }
