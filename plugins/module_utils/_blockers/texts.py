# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What may stop a takeover, or the role, on a host: one table of texts. Pure; runs on the host (Python 3.6).

Each has a stable name, for playbooks, and says what was found, what is needed and how to fix it; {words} are filled in.
The README of the role obproxy shows both tables. The texts for OCP's own records are in ocp.py.
"""

from typing import Dict, List, Mapping, Tuple

from .._host.layout import PREFIX, USER, USER_HOME

#: A table of texts: what was found, what is needed and how to cure it, by the name of what is wrong.
Texts = Mapping[str, Tuple[str, str, str]]
#: What finding() makes: one thing that is wrong.
Finding = Dict[str, str]
#: What blocker() makes, any number of them.
Blockers = List[Finding]

#: Why OCP refuses a proxy. The role stops for most of these, too.
TAKEOVER = {
    "not_root": (
        "the host was checked as a user other than root, who cannot see the proxy's files and ports",
        "root, directly or through sudo",
        "Set `ansible_become: true` for the host, or connect as root.",
    ),
    "packages_unreadable": (
        "the installed packages cannot be listed: {reason}",
        "a readable RPM database",
        "Run `rpm -qa` on the host. If the database is damaged, repair it with `rpm --rebuilddb`.",
    ),
    "leads_elsewhere": (
        "{path} resolves to {real}, and that is where OCP sees a proxy started from {path}",
        "a proxy that runs from " + PREFIX + "/obproxy-VERSION according to /proc/PID/exe",
        "Replace the symlink {link} with a directory, mount the target there (`mount --bind TARGET {link}`), and add "
        "an entry to /etc/fstab. Then restart the proxy if it is running.",
    ),
    "no_process": (
        "no obproxy process is running",
        "exactly one",
        "Start the proxy, for example with the role obops.oceanbase.obproxy.",
    ),
    "several_processes": (
        "{number} obproxy processes are running: {processes}",
        "exactly one",
        "Keep the one that OCP should take over, and stop the others: {commands}.",
    ),
    "wrong_directory": (
        "the proxy runs from {executable}",
        PREFIX + "/obproxy-VERSION, where the enterprise package is installed",
        "Stop this proxy ({command}) and start one from the enterprise package, for example with the role "
        "obops.oceanbase.obproxy.",
    ),
    "no_package": (
        "a proxy is running, but no OBProxy package is installed",
        "exactly one, from which the proxy runs",
        "Stop the proxy, install the package and start the proxy from it. The role obops.oceanbase.obproxy does the "
        "last two steps.",
    ),
    "several_packages": (
        "{number} OBProxy packages are installed: {packages}",
        "exactly one",
        "Keep the package of the running process, and remove the others with `rpm -e`.",
    ),
    "other_package": (
        "the proxy runs from {home}, but the installed package {package} is in {directory}",
        "the package of the running process",
        "Stop the proxy and start it from the package's directory, or install the package that it runs from.",
    ),
    "wrong_user": (
        "the proxy runs as the user {user}",
        "the user {wanted}",
        "Stop the proxy and start it again as {wanted}.",
    ),
    "wrong_port": (
        "the proxy listens on the ports {ports}",
        "the SQL port {port} (obproxy_sql_port)",
        "Set obproxy_sql_port to its actual port, or check log/obproxy.log for why it does not listen.",
    ),
    "only_loopback": (
        "the proxy listens on {address} only",
        "an address that OCP can reach",
        "Set the proxy's local_bound_ip to 0.0.0.0 and restart it.",
    ),
    "wrong_password": (
        "root@proxysys cannot log in with the given password",
        "the current password of root@proxysys",
        "Set obproxy_proxysys_password to it.",
    ),
    "password_needed": (
        "root@proxysys has a password, but none is given",
        "the current password of root@proxysys, since it was changed",
        "Set obproxy_proxysys_password to it.",
    ),
}

#: What stops only the role. Most of these would make a start or an installation fail.
ROLE = {
    "no_version": (
        "no proxy is running, and no OBProxy package is installed",
        "the version to install",
        "Set obproxy_package_version.",
    ),
    "other_version": (
        "{packages} is installed",
        "{wanted} (obproxy_package_version)",
        "Set obproxy_package_version to the installed version, leave it empty to keep the running proxy, upgrade with "
        "obproxy_upgrade, or remove the package with `rpm -e`, which also deletes the settings saved in its directory.",
    ),
    "other_proxy": (
        "another OBProxy is running: {processes}",
        "only a proxy from {home}",
        "Stop it: {commands}.",
    ),
    "package_elsewhere": (
        "{package} is installed in {directory}",
        PREFIX + "/obproxy-VERSION, since OCP takes over a proxy only from there",
        "Use the package that is installed there.",
    ),
    "port_taken": (
        "port {port} ({variable}) is used by {process}",
        "a port that nothing else uses",
        "Stop that process, or choose another port.",
    ),
    "link_taken": (
        "{link} is a {type}",
        "nothing there, or a symlink, since it becomes the symlink to the version in use",
        "Move it away.",
    ),
    "unit_taken": (
        "{unit} exists and was not written by the role",
        "no unit of that name, or the role's own, for obproxy_service",
        "Move it away, or set obproxy_service to false.",
    ),
    "read_only": (
        "{path} is on a read-only file system",
        "a writable file system, for {use}",
        "Mount it read-write.",
    ),
    "noexec": (
        "{path} is on a file system that does not allow programs to run (mount option noexec)",
        "one that allows it, for {use}",
        "Mount it with `mount -o remount,exec {mount}`, and correct its entry in /etc/fstab.",
    ),
    "home_taken": (
        "{home} is a {type}",
        "nothing there, or the directory of the package",
        "Move it away. To use another disk, mount that disk or one of its directories there (`mount --bind`).",
    ),
    "no_space": (
        "{path} has {free} free",
        "{needed} for {use}",
        "Free up space there.",
    ),
    "wrong_user_home": (
        "the user " + USER + " has the home directory {home}",
        USER_HOME + ", where the logs of the package go",
        "Move it with `usermod --home " + USER_HOME + " --move-home " + USER + "`.",
    ),
    "no_address": (
        "the host has no IPv4 address other than 127.x, neither on a network interface nor by its name",
        'one; without it, OBProxy exits at startup with "fail to get local addr list"',
        "Assign an address to the host, or make its name resolve to one.",
    ),
    "no_start_mode": (
        "the proxy must be started, but no start mode is given",
        "one of the two start modes",
        "Set obproxy_config_url, or obproxy_rs_list with obproxy_ob_cluster.",
    ),
    "package_manager_locked": (
        "{manager} is locked by {process}",
        "an unlocked package manager, to install OBProxy",
        "Wait until that process has ended, or end it, then run again.",
    ),
    "repositories_unreadable": (
        "{manager} cannot list the packages in the repositories: {reason}",
        "an answer within {seconds} s (obproxy_package_timeout)",
        "Run `{manager} repolist` on the host to see why. Use obproxy_package_enablerepo and "
        "obproxy_package_disablerepo to choose repositories.",
    ),
    "package_missing": (
        "none of the packages in the host's repositories is {wanted}; they have: {listed}",
        "exactly one",
        "Set obproxy_package_version to one of these, enable a repository that has the package, or set "
        "obproxy_package_source to an RPM file.",
    ),
    "package_excluded": (
        "the host's repositories have {packages}, but the package is excluded by {places}",
        "a package that the package manager may install",
        "Remove the exclusion from the file, or choose another version.",
    ),
    "package_ambiguous": (
        "{wanted} matches several packages in the host's repositories: {packages}",
        "exactly one",
        "Set obproxy_package_version to one of these.",
    ),
    "package_file": (
        "obproxy_package_source {source} is {found}",
        "{wanted}",
        "A path must exist on the host itself. Copy the file there, or use a URL.",
    ),
    "package_checksum": (
        "the file {source} has the checksum {found}",
        "{wanted} (obproxy_package_checksum)",
        "Copy the correct file there.",
    ),
    "command_unavailable": (
        "the host does not have {commands}, and its repositories do not have {packages}",
        "{commands} (obproxy_commands_to_check)",
        "Install what is missing, or enable a repository that has it. Without nc, obproxyd.sh starts another proxy "
        "every second.",
    ),
    "no_package_manager": (
        "the host has neither dnf nor yum",
        "one of them, to install {packages}",
        "Use a host with Enterprise Linux 7 or later.",
    ),
}


def finding(name: str, found: str, needed: str, cure: str) -> Finding:
    """One problem, as data and as one line."""
    text = "%s: %s; needed: %s. %s" % (name, found, needed, cure)
    return {"name": name, "found": found, "needed": needed, "cure": cure, "text": text}


def blocker(texts: Texts, name: str, **details: object) -> Finding:
    """The finding of this name, with its texts filled in."""
    return finding(name, *(text.format(**details) for text in texts[name]))
