# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a host may show that stops a takeover, or the role: one table of texts. Pure; runs on the host (Python 3.6).

Each has a stable name, for playbooks, and says what was found, what is needed and how to cure it; {words} are
filled in. The README of the role obproxy shows both tables. What only OCP's own records show is in ocp.py.
"""

from typing import Dict, List, Mapping, Tuple

from .._host.layout import PREFIX, USER, USER_HOME

#: A table of texts: what was found, what is needed and how to cure it, by the name of what is wrong.
Texts = Mapping[str, Tuple[str, str, str]]
#: What finding() makes: one thing that is wrong.
Finding = Dict[str, str]
#: What blocker() makes, any number of them.
Blockers = List[Finding]

#: What OCP refuses a proxy for. The role stops for most of these too.
TAKEOVER = {
    "not_root": (
        "the host was looked at as a user other than root, who cannot see the proxy's files and ports",
        "root, directly or through sudo",
        "Set `ansible_become: true` for the host, or connect as root.",
    ),
    "packages_unreadable": (
        "the installed packages cannot be listed: {reason}",
        "an RPM database that can be read",
        "Run `rpm -qa` on the host; a damaged database is repaired by `rpm --rebuilddb`.",
    ),
    "leads_elsewhere": (
        "{path} leads to {real}, where OCP sees a proxy that was started below {path}",
        "a proxy that runs from " + PREFIX + "/obproxy-VERSION by /proc/PID/exe",
        "Replace the symlink {link} by a directory onto which its target is mounted: `mount --bind TARGET {link}`, and "
        "a line for it in /etc/fstab. A proxy that runs has to be started again then.",
    ),
    "no_process": (
        "no obproxy process runs",
        "exactly one",
        "Start the proxy; the role obops.oceanbase.obproxy does.",
    ),
    "several_processes": (
        "{number} obproxy processes run: {processes}",
        "exactly one",
        "Keep the one that OCP is to take over, and stop the others: {commands}.",
    ),
    "wrong_directory": (
        "the proxy runs from {executable}",
        PREFIX + "/obproxy-VERSION, where the enterprise package installs",
        "Stop this proxy ({command}) and start one from the enterprise package; the role obops.oceanbase.obproxy does "
        "the latter.",
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
        "the user {wanted}",
        "Stop the proxy and start it again as {wanted}.",
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

#: What stops the role alone: most of it would make a start or an installation fail.
ROLE = {
    "no_version": (
        "no proxy runs, and no package of OBProxy is installed",
        "the version to install",
        "Set obproxy_package_version.",
    ),
    "other_version": (
        "{packages} is installed",
        "{wanted} (obproxy_package_version)",
        "Set obproxy_package_version to what is installed, or leave it empty to keep the proxy that runs; upgrade with "
        "obproxy_upgrade; or remove the package with `rpm -e`, which also deletes the settings saved in its directory.",
    ),
    "other_proxy": (
        "another OBProxy runs: {processes}",
        "a proxy in {home} and no other",
        "Stop it: {commands}.",
    ),
    "package_elsewhere": (
        "{package} is installed in {directory}",
        PREFIX + "/obproxy-VERSION, from where alone OCP takes a proxy over",
        "Use the package that installs there.",
    ),
    "port_taken": (
        "port {port} ({variable}) belongs to {process}",
        "a port that nothing else uses",
        "Stop that process, or choose another port.",
    ),
    "link_taken": (
        "{link} is a {type}",
        "nothing there, or a symlink, since it becomes the symlink to the version in use",
        "Move it away.",
    ),
    "unit_taken": (
        "{unit} is there and was not made by the role",
        "no unit of that name, or the role's own, for obproxy_service",
        "Move it away, or set obproxy_service to false.",
    ),
    "read_only": (
        "{path} is on a read-only file system",
        "a file system that can be written, for {use}",
        "Mount it for writing.",
    ),
    "noexec": (
        "{path} is on a file system from which no program can be run (mount option noexec)",
        "one that allows it, for {use}",
        "Mount it with `mount -o remount,exec {mount}`, and correct its line in /etc/fstab.",
    ),
    "home_taken": (
        "{home} is a {type}",
        "nothing there, or the directory of the package",
        "Move it away. To have it on another disk, mount that disk or a directory of it there (`mount --bind`).",
    ),
    "no_space": (
        "{path} has {free} free",
        "{needed} for {use}",
        "Make room there.",
    ),
    "wrong_user_home": (
        "the user " + USER + " has the home directory {home}",
        USER_HOME + ", where the package's logs go",
        "Move it with `usermod --home " + USER_HOME + " --move-home " + USER + "`.",
    ),
    "no_address": (
        "the host has no IPv4 address other than 127.x, neither on a network device nor by its name",
        'one, without which OBProxy ends at its start with "fail to get local addr list"',
        "Give the host an address, or make its name resolve to one.",
    ),
    "no_start_mode": (
        "the proxy has to be started, and no start mode is given",
        "one of the two",
        "Set obproxy_config_url, or obproxy_rs_list with obproxy_ob_cluster.",
    ),
    "package_manager_locked": (
        "{manager} is locked by {process}",
        "the package manager, to install OBProxy",
        "Wait until that process has ended, or end it, and run again.",
    ),
    "repositories_unreadable": (
        "{manager} cannot list what the repositories have: {reason}",
        "an answer within {seconds} s (obproxy_package_timeout)",
        "Run `{manager} repolist` on the host to see why; obproxy_package_enablerepo and obproxy_package_disablerepo "
        "choose repositories.",
    ),
    "package_missing": (
        "none of the packages in the host's repositories is {wanted}; they have: {listed}",
        "exactly one",
        "Set obproxy_package_version to one of these, enable a repository that has the package, or name an RPM file by "
        "obproxy_package_source.",
    ),
    "package_excluded": (
        "the host's repositories have {packages}, but the package is excluded by {places}",
        "a package that the package manager may install",
        "Remove the exclusion from the file, or choose another version.",
    ),
    "package_ambiguous": (
        "{wanted} fits {packages} in the host's repositories",
        "exactly one",
        "Set obproxy_package_version to one of these.",
    ),
    "package_file": (
        "obproxy_package_source {source} is {found}",
        "{wanted}",
        "A path is looked up on the host itself: copy the file there, or give a URL.",
    ),
    "package_checksum": (
        "the file {source} has the checksum {found}",
        "{wanted} (obproxy_package_checksum)",
        "Copy the right file there.",
    ),
    "no_package_manager": (
        "neither dnf nor yum is on the host",
        "one of them, to install {packages}",
        "Use a host with Enterprise Linux 7 or later.",
    ),
}


def finding(name: str, found: str, needed: str, cure: str) -> Finding:
    """One thing that is wrong, as data and as one line."""
    text = "%s: %s; needed: %s. %s" % (name, found, needed, cure)
    return {"name": name, "found": found, "needed": needed, "cure": cure, "text": text}


def blocker(texts: Texts, name: str, **details: object) -> Finding:
    """The finding of this name, with its texts filled in."""
    return finding(name, *(text.format(**details) for text in texts[name]))
