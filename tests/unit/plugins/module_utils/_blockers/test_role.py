# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of host checks: each problem that stops the role has one name, and otherwise the role has work to do."""

import copy

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._blockers import role, texts

PREFIX = "/opt/taobao/install"
HOME = f"{PREFIX}/obproxy-1.9.1.1"
OLD_HOME = f"{PREFIX}/obproxy-3.2.3.5"
LINK = f"{PREFIX}/obproxy"
LOGS = ("/home/admin/logs/obproxy/log", "/home/admin/logs/obproxy/minidump")
GIB = 1 << 30


def package(version="1.9.1.1", release="1919579", home=HOME, name="obproxy"):
    nevra = f"{name}-{version}-{release}.el7.x86_64"
    return {
        "name": name,
        "version": version,
        "release": f"{release}.el7",
        "release_without_dist_tag": release,
        "nevra": nevra,
        "home": home,
    }


def process(**keys):
    home = keys.get("home", HOME)
    return {
        "pid": 4711,
        "name": "obproxy",
        "kind": "proxy",
        "user": "admin",
        "executable": f"{home}/bin/obproxy",
        "home": home,
        "ports": [2883, 2884],
        "uptime": 93600,
        "daemon": None,
        "unit": None,
        "started_by": "hand",
        **keys,
    }


DAEMON = process(pid=4700, name="obproxyd.sh", kind="daemon", ports=[], executable=f"{HOME}/bin/obproxyd.sh")
OLD_PACKAGE = package("3.2.3.5", "2", OLD_HOME)
OLD_PROXY = process(home=OLD_HOME)


def path(where="/", free=4 * GIB, read_only=False, noexec=False, type=None, owner=None, target=None, real=None):
    filesystem = {"path": where, "mount": where, "free": free, "read_only": read_only, "noexec": noexec}
    return {
        "real": real,
        "exists": type is not None,
        "type": type,
        "target": target,
        "owner": owner,
        "filesystem": filesystem,
    }


def unit(exists=False, ours=False):
    return {"path": "/etc/systemd/system/obproxy.service", "name": "obproxy.service", "exists": exists, "ours": ours}


def fresh(paths=None, **found):
    """Return the check of a host without any part of OBProxy."""
    look = {
        "root": True,
        "rpm_error": None,
        "prefix": {"path": PREFIX, "real": PREFIX, "link": None},
        "processes": [],
        "packages": [],
        "package_file": None,
        "available": None,
        "unavailable": None,
        "package_manager": "dnf4",
        "listeners": [],
        "login": None,
        "commands": {"nc": None},
        "user": {"name": "admin", "exists": False, "home": None, "real_home": None, "group_exists": False},
        "addresses": ["10.0.0.11"],
        "readiness": {"ready": False, "pid": None},
        "unit": unit(),
        "paths": {
            "/home/admin": path(real="/home/admin"),
            LINK: path(),
            HOME: path(),
            OLD_HOME: path(),
            **{log: path() for log in LOGS},
        },
        **copy.deepcopy(found),
    }
    look["paths"].update(paths or {})
    return look


def running(paths=None, **found):
    """Return the check of a host on which the wanted proxy is running and everything is as the role leaves it."""
    there = {
        LINK: path(type="link", owner="root", target="obproxy-1.9.1.1"),
        HOME: path(type="directory", owner="admin"),
        **{log: path(type="directory", owner="admin") for log in LOGS},
        **(paths or {}),
    }
    defaults = {
        "processes": [process()],
        "packages": [package()],
        "commands": {"nc": "/usr/bin/nc"},
        "user": {
            "name": "admin",
            "exists": True,
            "home": "/home/admin",
            "real_home": "/home/admin",
            "group_exists": True,
        },
        "readiness": {"ready": True, "pid": 4711},
    }
    return fresh(there, **{**defaults, **found})


def judge(found, **expected):
    expected = {
        "state": "started",
        "package_name": "obproxy",
        "package_version": "1.9.1.1-1919579",
        "package_source": "repository",
        "package_checksum": "",
        "package_timeout": 180,
        "enablerepo": [],
        "disablerepo": [],
        "disable_gpg_check": False,
        "upgrade": False,
        "service": False,
        "config_url": "",
        "rs_list": ["10.0.0.1:2881"],
        "known_problems": [],
        "user": "admin",
        "sql_port": 2883,
        "exporter_port": 2884,
        "wait": False,
        **expected,
    }
    return role.judge(found, {"sql_port": expected["sql_port"], "expected": expected})


def available(**found):
    nothing = {"packages": [], "fitting": [], "excluded": [], "excluded_by": [], "locked_by": None, "error": None}
    return {**nothing, **found}


def admin(home):
    return {"name": "admin", "exists": True, "home": home, "real_home": home, "group_exists": True}


ELSEWHERE_PREFIX = {"path": PREFIX, "real": "/data/taobao/install", "link": "/opt"}


ELSEWHERE = process(home="/home/admin/obproxy-4.2.1")
CASES = [
    ("not_root", fresh(root=False), {}, "a user other than root"),
    ("packages_unreadable", fresh(rpm_error="rpm has not ended after 60 s"), {}, "rpm has not ended after 60 s"),
    (
        "leads_elsewhere",
        fresh(prefix=ELSEWHERE_PREFIX),
        {},
        f"{PREFIX} resolves to /data/taobao/install, and that is where OCP sees a proxy started from {PREFIX}",
    ),
    (
        "leads_elsewhere",
        running(
            prefix=ELSEWHERE_PREFIX, processes=[process(executable="/data/taobao/install/obproxy-1.9.1.1/bin/obproxy")]
        ),
        {},
        "Replace the symlink /opt with a directory, mount the target there (`mount --bind TARGET /opt`)",
    ),
    ("home_taken", fresh({HOME: path(type="link", real="/data/obproxy")}), {}, f"{HOME} is a link"),
    ("noexec", fresh({HOME: path("/opt", noexec=True)}), {}, "`mount -o remount,exec /opt`"),
    ("no_version", fresh(), {"package_version": ""}, "Set obproxy_package_version"),
    ("wrong_directory", fresh(processes=[ELSEWHERE]), {}, "from /home/admin/obproxy-4.2.1/bin/obproxy"),
    ("several_processes", running(processes=[process(), process(pid=4712)]), {}, "4711 (/opt/taobao"),
    ("wrong_user", running(processes=[process(user="root")]), {}, "runs as the user root; needed: the user admin"),
    ("wrong_user", running(), {"user": "proxy"}, "needed: the user proxy"),
    ("wrong_port", running(), {"sql_port": 3883}, "the ports 2883, 2884; needed: the SQL port 3883"),
    ("no_package", running(packages=[]), {}, "no OBProxy package is installed"),
    (
        "several_packages",
        running(packages=[package(), package(release="2")]),
        {"package_version": "1.9.1.1"},
        "2 OBProxy pack",
    ),
    ("several_packages", fresh(packages=[package(), OLD_PACKAGE]), {"package_version": ""}, "2 OBProxy packages"),
    ("other_package", running(packages=[OLD_PACKAGE]), {"package_version": ""}, f"is in {OLD_HOME}"),
    ("other_version", fresh(packages=[OLD_PACKAGE]), {}, "needed: obproxy 1.9.1.1-1919579 (obproxy_package_version)"),
    (
        "other_version",
        running(packages=[OLD_PACKAGE], processes=[OLD_PROXY]),
        {},
        "obproxy-3.2.3.5-2.el7.x86_64 (running as process 4711) is installed",
    ),
    ("other_version", fresh(packages=[package(name="obproxy-ce")]), {}, "obproxy-ce-1.9.1.1-1919579.el7.x86_64 is"),
    (
        "other_proxy",
        running(processes=[process(), {**DAEMON, "home": "/data"}]),
        {},
        "another OBProxy is running: 4700 (",
    ),
    ("other_proxy", fresh(processes=[process(home=f"{PREFIX}/obproxy-9")]), {}, "Stop it: `kill 4711`"),
    ("package_elsewhere", fresh(packages=[package(home="/home/admin/obproxy-1.9.1.1")]), {}, "in /home/admin/obproxy"),
    (
        "port_taken",
        fresh(listeners=[{"port": 2883, "pid": 50, "name": "mysqld", "user": "mysql", "obproxy": False}]),
        {},
        "port 2883 (obproxy_sql_port) is used by process 50 (mysqld, user mysql)",
    ),
    (
        "port_taken",
        fresh(listeners=[{"port": 2884, "pid": None, "name": None, "user": None, "obproxy": False}]),
        {},
        "port 2884 (obproxy_exporter_port) is used by a process that cannot be seen",
    ),
    ("link_taken", fresh({LINK: path(type="directory")}), {}, f"{LINK} is a directory"),
    ("read_only", fresh({HOME: path("/opt", read_only=True)}), {}, "/opt is on a read-only file system"),
    ("read_only", fresh({LOGS[0]: path("/home", read_only=True)}), {}, "for the proxy's logs"),
    ("no_space", fresh({HOME: path("/opt", free=10 << 20)}), {}, "/opt has 10.0 MiB free; needed: 100.0 MiB for the"),
    ("no_space", fresh(package_file={"size": 8 * GIB}), {}, "needed: 8.5 GiB for the package and the proxy's logs"),
    (
        "no_space",
        fresh({LOGS[1]: path("/home", free=300 << 20)}),
        {},
        "/home has 300.0 MiB free; needed: 512.0 MiB for",
    ),
    ("wrong_user_home", fresh(user=admin("/data/admin")), {}, "the home directory /data/admin"),
    ("no_address", fresh(addresses=[]), {}, "no IPv4 address other than 127.x"),
    ("unit_taken", fresh(unit=unit(exists=True)), {"service": True}, "obproxy.service exists and was not written by"),
    ("no_start_mode", fresh(), {"rs_list": []}, "Set obproxy_config_url, or obproxy_rs_list"),
    ("no_start_mode", running(), {"rs_list": [], "service": True}, "no start mode is given"),
    (
        "package_manager_locked",
        fresh(available=available(locked_by={"pid": 99, "name": "dnf", "user": "root"})),
        {},
        "dnf is locked by process 99 (dnf, user root)",
    ),
    (
        "repositories_unreadable",
        fresh(available=available(error="dnf has not ended after 180 s")),
        {},
        "dnf has not ended after 180 s; needed: an answer within 180 s (obproxy_package_timeout)",
    ),
    (
        "package_missing",
        fresh(available=available(packages=[OLD_PACKAGE])),
        {},
        "they have: obproxy-3.2.3.5-2.el7.x86_64",
    ),
    ("package_missing", fresh(available=available()), {}, "they have: no package of that name"),
    (
        "package_excluded",
        fresh(available=available(excluded=[package()], excluded_by=["exclude=obproxy* in /etc/yum.conf"])),
        {},
        "have obproxy-1.9.1.1-1919579.el7.x86_64, but the package is excluded by exclude=obproxy* in /etc/yum.conf",
    ),
    (
        "package_ambiguous",
        fresh(available=available(fitting=[package(), package(release="2")])),
        {"package_version": "1.9.1.1"},
        "matches several packages",
    ),
    (
        "package_file",
        fresh(available={"checksum": None}, package_file=OLD_PACKAGE),
        {"package_source": "/srv/obproxy.rpm"},
        "/srv/obproxy.rpm is obproxy-3.2.3.5-2.el7.x86_64; needed: obproxy 1.9.1.1-1919579",
    ),
    (
        "package_file",
        fresh(available={"checksum": None}),
        {"package_source": "/srv/obproxy.rpm"},
        "is no RPM package on this host",
    ),
    (
        "package_checksum",
        fresh(available={"checksum": "aa"}, package_file=package()),
        {"package_source": "/srv/obproxy.rpm", "package_checksum": "md5:bb"},
        "has the checksum md5:aa; needed: md5:bb (obproxy_package_checksum)",
    ),
    (
        "command_unavailable",
        fresh(
            commands={"nc": None, "ss": None, "awk": None},
            unavailable={
                "packages": ["nmap-ncat", "/usr/bin/ss"],
                "excluded_by": ["excludepkgs=nmap* in /etc/yum.conf"],
            },
        ),
        {},
        "the host does not have nc and ss, and its repositories do not have nmap-ncat and /usr/bin/ss (excluded by "
        "excludepkgs=nmap* in /etc/yum.conf); needed: nc and ss (obproxy_commands_to_check)",
    ),
    ("no_package_manager", fresh(package_manager=None), {}, "to install OBProxy and nc"),
]


@pytest.mark.parametrize("name, found, expected, text", CASES)
def test_each_thing_that_is_wrong_is_reported_alone(name, found, expected, text):
    (problem,) = judge(found, **expected)["problems"]
    assert problem["name"] == name
    assert text in problem["text"]
    assert all(problem[key] for key in ("found", "needed", "cure"))
    assert "  " not in problem["text"]


def test_every_problem_is_tried_here():
    assert {name for name, *_rest in CASES} >= set(texts.ROLE)


FINE = [
    (fresh(), {}, "install"),
    (fresh(user=admin("/home/admin")), {}, "install"),
    # One home directory is a symlink to the other.
    (fresh({"/home/admin": path(type="link", real="/data/admin")}, user=admin("/data/admin")), {}, "install"),
    (fresh({LOGS[0]: path("/home", noexec=True)}), {}, "install"),
    (fresh(available=available(fitting=[package()], packages=[package(), OLD_PACKAGE])), {}, "install"),
    (
        fresh(available={"checksum": "aa"}, package_file=package()),
        {"package_source": "/srv/obproxy.rpm", "package_checksum": "md5:AA"},
        "install",
    ),
    (fresh(packages=[package()]), {}, "start"),
    (fresh(packages=[package()]), {"package_version": ""}, "start"),
    (fresh(packages=[package()]), {"package_version": "1.9.1.1"}, "start"),
    (fresh(packages=[package()]), {"package_version": "1.9.1.1-1919579.el7"}, "start"),
    (running(), {}, "nothing"),
    (running(processes=[DAEMON, process(daemon=4700)]), {}, "nothing"),
    # A running proxy that fits is left alone, whatever a start would need.
    (running({HOME: path("/opt", free=0, type="directory", owner="admin")}), {}, "nothing"),
    (running(user=admin("/data/admin"), addresses=[]), {"rs_list": []}, "nothing"),
    # Without a version, the running version is kept.
    (running(processes=[OLD_PROXY], packages=[OLD_PACKAGE]), {"package_version": ""}, "nothing"),
    (running(processes=[OLD_PROXY], packages=[OLD_PACKAGE]), {"upgrade": True}, "upgrade"),
    (running(processes=[], packages=[OLD_PACKAGE]), {"upgrade": True}, "install"),
    # The proxy was upgraded before, and the old version was kept.
    (running(packages=[package(), OLD_PACKAGE]), {"upgrade": True, "rs_list": []}, "nothing"),
    # The second process has lost the port to the first and is about to exit.
    (running(processes=[process(), process(pid=4712, ports=[], uptime=1)]), {}, "nothing"),
    # The proxy is still starting, and the role waits for it.
    (running(processes=[process(ports=[], uptime=1)]), {}, "nothing"),
    (running(unit=unit(exists=True)), {}, "nothing"),
    (running(unit=unit(exists=True, ours=True)), {"service": True}, "nothing"),
    (running(), {"state": "absent"}, "remove"),
    (fresh(), {"state": "absent"}, "nothing"),
    (fresh(), {"state": "absent", "package_version": ""}, "nothing"),
    (running(processes=[OLD_PROXY], packages=[OLD_PACKAGE], paths={HOME: path()}), {"state": "absent"}, "nothing"),
]


@pytest.mark.parametrize("found, expected, action", FINE)
def test_a_host_that_fits_has_no_problem_and_something_to_do(found, expected, action):
    judged = judge(found, **expected)
    assert [problem["text"] for problem in judged["problems"]] == []
    assert judged["todo"]["action"] == action


def test_without_root_nothing_else_is_claimed():
    judged = judge(running(root=False, processes=[process(ports=[], executable=None)], packages=[]))
    assert [entry["name"] for entry in judged["problems"]] == ["not_root"]
    assert [entry["name"] for entry in judged["takeover_blockers"]] == ["not_root"]
    assert judged["todo"]["action"] == "nothing"


def test_a_problem_that_also_stops_ocp_has_one_text():
    for _name, found, expected, _text in CASES:
        judged = judge(found, **expected)
        if expected.get("user", "admin") == "admin":
            there = {entry["name"]: entry for entry in judged["takeover_blockers"]}
            for problem in judged["problems"]:
                assert problem["name"] in texts.ROLE or there[problem["name"]] == problem


def test_problems_that_are_known_already_come_first():
    known = {"name": "variables", "text": "obproxy_sql_port is 80"}
    names = [problem["name"] for problem in judge(fresh(addresses=[]), known_problems=[known])["problems"]]
    assert names == ["variables", "no_address"]


WATCHED = [
    (
        {"daemon": 4700, "started_by": "obproxyd"},
        "`kill 4700 4712` (4700 is the obproxyd.sh that would start it again)",
    ),
    ({"started_by": "systemd", "unit": "obproxy.service", "daemon": 4700}, "`systemctl stop obproxy.service`"),
    ({}, "`kill 4712`"),
]


@pytest.mark.parametrize("origin, command", WATCHED)
def test_the_cure_of_several_processes_names_what_would_bring_one_back(origin, command):
    second = process(pid=4712, ports=[3883], **origin)
    (problem,) = judge(running(processes=[DAEMON, process(), second]))["problems"]
    assert problem["cure"] == f"Keep the one that OCP should take over, and stop the others: `kill 4711` or {command}."


def test_obdeploys_daemon_is_named_as_it_runs():
    daemon = {**DAEMON, "name": "bash"}
    (problem,) = judge(running(processes=[daemon, process(daemon=4700), process(pid=4712)]))["problems"]
    assert "(4700 is the `bash obproxyd.sh` that would start it again)" in problem["cure"]


def todo(found, **expected):
    return judge(found, **expected)["todo"]


def test_a_fresh_host_lacks_everything():
    plan = todo(fresh())
    assert (plan["home"], plan["installed"], plan["runs"], plan["install_needed"]) == (HOME, False, False, True)
    assert plan["missing_commands"] == ["nc"]
    assert plan["missing_directories"] == list(LOGS)
    assert (plan["user_home"], plan["package_module"]) == ("/home/admin", "dnf")
    assert not plan["link_is_right"]


def test_a_host_as_the_role_leaves_it_lacks_nothing():
    plan = todo(running())
    assert (plan["install_needed"], plan["answers"], plan["link_is_right"]) == (False, True, True)
    assert plan["idle"]
    assert (plan["pids"], plan["ports"], plan["foreign_pids"]) == ([4711], [2883, 2884], [])


@pytest.mark.parametrize(
    "found",
    [
        running({LINK: path(type="link", target="obproxy-3.2.3.5")}),
        running({LOGS[0]: path(type="directory", owner="root")}),
        running({HOME: path(type="directory", owner="root")}),
        running(commands={"nc": None}),
        running(user={"name": "admin", "exists": False, "home": None, "group_exists": False}),
    ],
)
def test_what_a_running_proxy_lacks_is_added(found):
    assert todo(found)["install_needed"]
    assert not todo(found)["idle"]


def test_a_proxy_that_has_just_come_up_is_waited_for():
    assert not todo(running(processes=[process(uptime=3)]))["answers"]


def test_a_proxy_that_was_waited_for_counts_at_once():
    assert todo(running(processes=[process(uptime=1)]), wait=True)["answers"]


@pytest.mark.parametrize(
    ("found", "user", "right"),
    [
        # rpm gives the files to admin. They are not right for another user, or if they belong to root.
        (fresh(), "admin", True),
        (fresh(user={**admin(None), "name": "proxy"}), "proxy", False),
        (running({HOME: path(type="directory", owner="root")}), "admin", False),
        (running(), "admin", True),
    ],
)
def test_files_are_given_to_the_user_only_if_the_package_does_not(found, user, right):
    assert todo(found, user=user)["owner_is_right"] is right


@pytest.mark.parametrize(
    "installed, source, needed",
    [
        (False, "https://files.example.com/obproxy.rpm", True),
        (True, "https://files.example.com/obproxy.rpm", False),
        (False, "/srv/obproxy.rpm", False),
        (False, "repository", False),
    ],
)
def test_a_package_behind_a_url_is_fetched_only_if_it_is_missing(installed, source, needed):
    found = running() if installed else fresh()
    assert todo(found, package_source=source)["fetch_needed"] is needed


def test_a_missing_command_is_installed_by_the_package_that_has_it():
    assert todo(fresh(commands={"nc": None, "ss": None}))["missing_packages"] == ["nmap-ncat", "/usr/bin/ss"]


@pytest.mark.parametrize(
    ("found", "expected", "together"),
    [
        (fresh(), {}, True),
        (fresh(), {"disable_gpg_check": True}, False),
        (running(commands={"nc": None}), {}, False),
        (running(packages=[OLD_PACKAGE], processes=[OLD_PROXY], commands={"nc": None}), {"upgrade": True}, False),
    ],
)
def test_packages_of_missing_commands_are_installed_with_a_signed_new_proxy(found, expected, together):
    plan = todo(found, **expected)
    expected_lists = (["nmap-ncat"], []) if together else ([], ["nmap-ncat"])
    assert (plan["install_with"], plan["install_before"]) == expected_lists


def test_a_version_beside_another_is_installed_with_all_checks_of_the_package_manager():
    repositories = {"enablerepo": ["vendor"], "disablerepo": ["*"]}
    command = todo(fresh(), **repositories)["install_beside"]
    assert command == [
        *("dnf", "-y", "install", "--setopt=installonlypkgs=obproxy", "--setopt=installonly_limit=0"),
        *("--setopt=localpkg_gpgcheck=1", "--disablerepo=*", "--enablerepo=vendor"),
    ]
    assert "--nogpgcheck" in todo(fresh(), disable_gpg_check=True)["install_beside"]


OURS = unit(exists=True, ours=True)


@pytest.mark.parametrize(
    ("found", "left"),
    [
        (running(unit=OURS), {"unit": True, "link": True, "home": True, "logs": list(LOGS)}),
        # The role did not write the unit, and another proxy writes to the logs.
        (
            running(unit=unit(exists=True), processes=[process(), process(pid=4712, home=OLD_HOME)]),
            {"unit": False, "link": True, "home": True, "logs": []},
        ),
        (running(packages=[package(), OLD_PACKAGE]), {"unit": False, "link": True, "home": True, "logs": []}),
        # The symlink points to another version, to which the unit belongs.
        (
            running({LINK: path(type="link", target="obproxy-3.2.3.5")}, unit=OURS),
            {"unit": False, "link": False, "home": True, "logs": list(LOGS)},
        ),
        (fresh(unit=OURS), {"unit": True, "link": False, "home": False, "logs": []}),
    ],
)
def test_a_removal_takes_what_no_other_proxy_uses(found, left):
    assert todo(found, state="absent")["leftovers"] == left


def test_the_running_version_is_kept():
    plan = todo(running(processes=[OLD_PROXY], packages=[OLD_PACKAGE]), package_version="")
    assert (plan["version"], plan["home"], plan["packages"]) == ("3.2.3.5-2", OLD_HOME, [OLD_PACKAGE["nevra"]])


def test_an_upgrade_starts_from_what_runs_or_from_what_the_symlink_leads_to():
    linked = {LINK: path(type="link", target=OLD_HOME)}
    from_running = todo(running(processes=[OLD_PROXY], packages=[OLD_PACKAGE]), upgrade=True)
    assert (from_running["upgrade_from"]["nevra"], from_running["upgrade_from"]["runs"]) == (OLD_PACKAGE["nevra"], True)
    from_link = todo(running(linked, processes=[], packages=[OLD_PACKAGE]), upgrade=True)
    assert (from_link["upgrade_from"]["home"], from_link["upgrade_from"]["runs"]) == (OLD_HOME, False)
    assert from_link["old_packages"] == [{"nevra": OLD_PACKAGE["nevra"], "home": OLD_HOME}]
    # The symlink is switched to the new version later.
    assert from_link["link_is_right"]
