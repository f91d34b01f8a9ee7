# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Made-up results of host checks, for the fleets of the unit tests and of the playbooks' tests."""

HOME = "/opt/taobao/install/obproxy-4.2.1"


def process(home=HOME, **changes):
    """Return a process of OBProxy that meets OCP's requirements."""
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
    """Return the result of a host check. Without a process, nothing is running on the host.

    idle: whether the role has nothing to do. By default, this is the case if its action is nothing.
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
