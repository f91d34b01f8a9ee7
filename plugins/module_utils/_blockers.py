# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps OCP from taking a proxy over, as far as its own host can tell. Pure; runs on the host (Python 3.6).

What OCP demands is from its user guide and its page of common takeover problems. The other half, which needs OCP's
knowledge, is in plugin_utils/_preconditions.py; both give blockers of one form.
"""

import re

#: Where the official package installs, which is the only place OCP takes a proxy over from.
PREFIX = "/opt/taobao/install"
#: The user that OCP wants a proxy to belong to.
USER = "admin"
#: From this version on a proxy has a password for root@proxysys from the start, which OCP knows.
PASSWORD_BY_DEFAULT = (4, 3)
#: Each blocker by its name, which is stable: what is found, what is needed, and the cure. {words} are filled in. The
#: README of the role obproxy shows them as a table.
TEXTS = {
    "no_process": (
        "no obproxy process runs",
        "exactly one",
        "Start the proxy; the role obops.oceanbase.obproxy does.",
    ),
    "several_processes": (
        "{number} obproxy processes run: {processes}",
        "exactly one",
        "Keep the one that OCP is to take over, and end the others with `kill`.",
    ),
    "wrong_directory": (
        "the proxy runs from {executable}",
        PREFIX + "/obproxy-VERSION, where the enterprise package installs",
        "Install the enterprise package, stop this proxy and start that one.",
    ),
    "no_package": (
        "a proxy runs, but no package of OBProxy is installed",
        "exactly one, from which the proxy runs",
        "Stop the proxy, install the package and start the proxy from there; the role obops.oceanbase.obproxy does the "
        "last two.",
    ),
    "several_packages": (
        "{number} packages of OBProxy are installed: {packages}",
        "exactly one",
        "Keep the package of the running process, and remove the others with `rpm -e`.",
    ),
    "other_package": (
        "the proxy runs from {home}, and the installed package {package} is in {directory}",
        "the package of the running process",
        "Stop the proxy and start it from the package's directory, or install the package that it runs from.",
    ),
    "wrong_user": (
        "the proxy belongs to the user {user}",
        "the user " + USER,
        "Stop the proxy and start it again as " + USER + ".",
    ),
    "wrong_port": (
        "the proxy listens on the ports {ports}",
        "the SQL port {port} (obproxy_sql_port)",
        "Set obproxy_sql_port to the port that it has, or see in log/obproxy.log why it does not listen.",
    ),
    "only_loopback": (
        "the proxy listens on {address} only",
        "an address that OCP reaches",
        "Set the proxy's local_bound_ip to 0.0.0.0 and start it again.",
    ),
    "wrong_password": (
        "root@proxysys cannot log in with the password given",
        "the password that the proxy has",
        "Set obproxy_proxysys_password to it.",
    ),
    "password_needed": (
        "root@proxysys has a password, and none is given",
        "the password that the proxy has, since it was changed",
        "Set obproxy_proxysys_password to it.",
    ),
}


def blocker(texts, name, **details):
    """One thing that is in the way. name: stable, for playbooks. The rest is for a person; text is all of it."""
    found, needed, cure = (text.format(**details) for text in texts[name])
    return {
        "name": name,
        "found": found,
        "needed": needed,
        "cure": cure,
        "text": "%s: %s; needed: %s. %s" % (name, found, needed, cure),
    }


def on_host(host, sql_port):
    """The blockers that a host's own processes and packages show.

    host: `obproxy` of the module obproxy_info. A host where nothing of OBProxy is installed or runs has no blocker but
    `no_process`: the role obproxy can make it ready.
    """
    proxies = [process for process in host["processes"] if process["kind"] == "proxy"]
    found = _packages(host["packages"], proxies)
    if not proxies:
        return found + [blocker(TEXTS, "no_process")]
    if len(proxies) > 1:
        described = "; ".join(map(_describe, proxies))
        return found + [blocker(TEXTS, "several_processes", number=len(proxies), processes=described)]
    return found + _process(proxies[0], sql_port) + _reach(host, sql_port) + _log_in(host)


def _packages(packages, proxies):
    names = ", ".join(package["nevra"] for package in packages)
    if len(packages) > 1:
        return [blocker(TEXTS, "several_packages", number=len(packages), packages=names)]
    if not packages:
        return [blocker(TEXTS, "no_package")] if proxies else []
    homes = [process["home"] for process in proxies if process["home"]]
    directory = packages[0]["home"]
    if len(homes) == 1 and homes[0] != directory:
        return [blocker(TEXTS, "other_package", home=homes[0], package=names, directory=directory)]
    return []


def _process(proxy, sql_port):
    found = []
    executable = proxy["executable"] or ""
    if not executable.startswith(PREFIX + "/obproxy-"):
        place = executable or "a place that cannot be seen"
        found.append(blocker(TEXTS, "wrong_directory", executable=place))
    if proxy["user"] != USER:
        found.append(blocker(TEXTS, "wrong_user", user=proxy["user"]))
    if sql_port not in proxy["ports"]:
        ports = ", ".join(map(str, proxy["ports"])) or "none"
        found.append(blocker(TEXTS, "wrong_port", ports=ports, port=sql_port))
    return found


def _reach(host, sql_port):
    for listener in host["listeners"]:
        if listener["port"] == sql_port and listener["obproxy"] and listener["address"].startswith(("127.", "::1")):
            return [blocker(TEXTS, "only_loopback", address=listener["address"])]
    return []


def _log_in(host):
    login = host["login"] or {}
    if login.get("outcome") != "denied":
        return []
    if login["password_given"]:
        return [blocker(TEXTS, "wrong_password")]
    versions = [numbers(package["version"]) for package in host["packages"]]
    return [blocker(TEXTS, "password_needed")] if versions and max(versions) < PASSWORD_BY_DEFAULT else []


def numbers(version):
    """4.2.3.0-11 → (4, 2, 3, 0), to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-")[0]))


def _describe(process):
    return "%d (%s, user %s)" % (process["pid"], process["executable"] or process["name"], process["user"])
