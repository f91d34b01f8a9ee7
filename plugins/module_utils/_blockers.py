# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps OCP from taking a proxy over, as far as its own host can tell. Pure; runs on the host (Python 3.6).

What OCP demands is from its user guide and its page of common takeover problems. The other half, which needs OCP's
knowledge, is in plugin_utils/_preconditions.py; both give blockers of one form.
"""

#: Where the official package installs, which is the only place OCP takes a proxy over from.
PREFIX = "/opt/taobao/install"
#: The user that OCP wants a proxy to belong to.
USER = "admin"


def blocker(name, found, needed, cure):
    """One thing that is in the way. name: stable, for playbooks. The rest is for a person; text is all of it."""
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
        return found + [
            blocker(
                "no_process",
                "no obproxy process runs",
                "exactly one",
                "Start the proxy; the role obops.oceanbase.obproxy does.",
            )
        ]
    if len(proxies) > 1:
        return found + [
            blocker(
                "several_processes",
                "%d obproxy processes run: %s" % (len(proxies), "; ".join(map(_describe, proxies))),
                "exactly one",
                "Keep the one that OCP is to take over, and end the others with `kill`.",
            )
        ]
    return found + _process(proxies[0], sql_port)


def _packages(packages, proxies):
    names = ", ".join(package["nevra"] for package in packages)
    if len(packages) > 1:
        return [
            blocker(
                "several_packages",
                "%d packages of OBProxy are installed: %s" % (len(packages), names),
                "exactly one",
                "Keep the package of the running process, and remove the others with `rpm -e`.",
            )
        ]
    if not packages and proxies:
        return [
            blocker(
                "no_package",
                "a proxy runs, but no package of OBProxy is installed",
                "exactly one, from which the proxy runs",
                "Stop the proxy, install the package and start the proxy from there; the role obops.oceanbase.obproxy "
                "does the last two.",
            )
        ]
    homes = [process["home"] for process in proxies]
    if len(packages) == 1 and len(homes) == 1 and homes[0] != packages[0]["home"] and homes[0]:
        return [
            blocker(
                "other_package",
                "the proxy runs from %s, and the installed package %s is in %s"
                % (homes[0], names, packages[0]["home"]),
                "the package of the running process",
                "Stop the proxy and start it from the package's directory, or install the package that it runs from.",
            )
        ]
    return []


def _process(proxy, sql_port):
    found = []
    executable = proxy["executable"] or ""
    if not executable.startswith(PREFIX + "/obproxy-"):
        found.append(
            blocker(
                "wrong_directory",
                "the proxy runs from %s" % (executable or "a place that cannot be seen"),
                "%s/obproxy-VERSION, where the enterprise package installs" % PREFIX,
                "Install the enterprise package, stop this proxy and start that one.",
            )
        )
    if proxy["user"] != USER:
        found.append(
            blocker(
                "wrong_user",
                "the proxy belongs to the user %s" % proxy["user"],
                "the user %s" % USER,
                "Stop the proxy and start it again as %s." % USER,
            )
        )
    if sql_port not in proxy["ports"]:
        ports = ", ".join(map(str, proxy["ports"])) or "none"
        found.append(
            blocker(
                "wrong_port",
                "the proxy listens on the ports %s" % ports,
                "the SQL port %d (obproxy_sql_port)" % sql_port,
                "Set obproxy_sql_port to the port that it has, or see in log/obproxy.log why it does not listen.",
            )
        )
    return found


def _describe(process):
    return "%d (%s, user %s)" % (process["pid"], process["executable"] or process["name"], process["user"])
