#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_info
short_description: Look at OBProxy on its host, and wait until it is ready
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Tells which OBProxy processes run on a host, from where and as whom, on which ports they listen, which OBProxy
    packages are installed, whether an OBProxy answers on its SQL port, and what of all that would keep OCP from taking
    the proxy over.
  - It reads C(/proc) and asks C(rpm) for its packages. Nothing is changed, and no shell is used.
  - With O(wait=true) it waits on the host until the proxy is ready, which costs one remote execution.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.host
options:
  user:
    description: The user who is to run OBProxy. OCP takes over only proxies of V(admin).
    type: str
    default: admin
  package_names:
    description: The names under which OBProxy's package comes, besides O(expected.package_name).
    type: list
    elements: str
    default: [obproxy, obproxy-ce]
  package_file:
    description:
      - The path of an RPM file on the host, to be described in RV(obproxy.package_file).
      - The default is O(expected.package_source) if that is a path.
    type: path
  process_keywords:
    description:
      - The names of OBProxy's processes.
      - A process counts when it has such a name, or when a shell or Python runs a script of that name. What else
        appears in a command line does not matter.
    type: list
    elements: str
    default: [obproxy, obproxyd.sh]
  commands:
    description: Commands to look for. C(obproxyd.sh) probes its proxy with V(nc).
    type: list
    elements: str
    default: [nc]
  paths:
    description: Paths whose type and owner to return in RV(obproxy.paths).
    type: list
    elements: path
    default: []
  sql_port:
    description: The port for clients.
    type: int
    default: 2883
  exporter_port:
    description: The port for Prometheus.
    type: int
    default: 2884
  home:
    description:
      - The directory of the proxy whose logs are to be shown when nothing runs, such as
        V(/opt/taobao/install/obproxy-1.9.1.1).
    type: path
  proxysys_password_sha1:
    description:
      - The SHA-1 of the password of C(root@proxysys) in 40 hex digits, C(password | hash('sha1')), which is all that
        the log-in needs. A password itself could be part of what is found, such as V(admin), and Ansible would mask it
        there.
      - If it is given and an OBProxy answers, a log-in is tried, with its result in RV(obproxy.login).
      - The empty string stands for the empty password, which a fresh proxy has up to 4.2.
    type: str
  proxysys_password_old_sha1:
    description:
      - The SHA-1 of the password that C(root@proxysys) may have instead, given like O(proxysys_password_sha1).
      - If the log-in with O(proxysys_password_sha1) is denied, one with this is tried, with its result in
        RV(obproxy.login.old_password_works).
    type: str
  settings:
    description:
      - Whether to return RV(obproxy.settings), for which O(proxysys_password_sha1) is needed.
    type: bool
    default: false
  expected:
    description:
      - What the role P(obops.oceanbase.obproxy#role) is to make of this host, with O(user), O(sql_port) and
        O(exporter_port). With it, RV(obproxy.problems) and RV(obproxy.todo) are returned.
    type: dict
    suboptions:
      state:
        description: Whether the proxy is to run or to be removed.
        type: str
        choices: [started, absent]
        default: started
      package_name:
        description: The name of the package.
        type: str
        default: obproxy
      package_version:
        description:
          - Version and release, with or without the dist tag, or the version alone.
          - If it is empty, a proxy that runs or is installed is kept as it is.
        type: str
        default: ""
      package_source:
        description:
          - V(repository), the path of an RPM file on the host, or a URL, which is not read.
        type: str
        default: repository
      package_checksum:
        description: The checksum that a file has to have, as V(sha256:0123…).
        type: str
        default: ""
      package_timeout:
        description: For how many seconds the package manager may take to list what the repositories have.
        type: int
        default: 180
      enablerepo:
        description: Repositories that are to be used as well.
        type: list
        elements: str
        default: []
      disablerepo:
        description: Repositories that are not to be used, V(*) for none but those of O(expected.enablerepo).
        type: list
        elements: str
        default: []
      disable_gpg_check:
        description: Whether a package without a valid signature may be installed.
        type: bool
        default: false
      upgrade:
        description: Whether another version that is installed may be replaced.
        type: bool
        default: false
      service:
        description: Whether systemd is to start the proxy with the host.
        type: bool
        default: false
      rs_list:
        description:
          - The root servers that the proxy is to be started with.
          - If neither these nor O(expected.config_url) are given, a proxy that has to be started is a problem.
        type: list
        elements: str
        default: []
      config_url:
        description:
          - The config URL that the proxy is to be started with. Whether the host reaches it, or that of the proxy that
            runs, is in RV(obproxy.config_server). A warning says if it does not.
        type: str
        default: ""
      known_problems:
        description: Problems known without the host, which are to come first in RV(obproxy.problems).
        type: list
        elements: dict
        default: []
  wait:
    description:
      - Wait until an obproxy process owns O(sql_port) and sends the MySQL greeting.
      - The wait ends early when the start has failed, when proxies come and go one after the other, when none runs,
        or when something else has the port.
      - The module does not fail when the proxy is not ready. RV(obproxy.readiness.ready) tells.
    type: bool
    default: false
  wait_timeout:
    description: The longest wait in seconds; V(0) waits for ever.
    type: int
    default: 600
  rpm_timeout:
    description:
      - For how many seconds C(rpm) may take to list the packages. After that it is ended, and RV(obproxy.rpm_error)
        says so.
    type: int
    default: 60
notes:
  - Run it as root, or with C(become). Other users may not see which process owns a port.
seealso:
  - module: obops.oceanbase.ocp_obproxy_takeover
"""

EXAMPLES = r"""
- name: Look at the OBProxy of this host
  obops.oceanbase.obproxy_info:
  register: proxy

- name: Name what runs
  ansible.builtin.debug:
    msg: "{{ item.executable }} of {{ item.user }} listens on {{ item.ports | join(', ') }}"
  loop: "{{ proxy.obproxy.processes }}"
  loop_control:
    label: "{{ item.pid }}"

- name: Stop where something keeps OCP from taking the proxy over
  ansible.builtin.assert:
    that: proxy.obproxy.takeover_blockers | length == 0
    fail_msg: "{{ proxy.obproxy.takeover_blockers | map(attribute='text') }}"

- name: Wait until OBProxy answers on another port
  obops.oceanbase.obproxy_info:
    sql_port: 3306
    wait: true
    wait_timeout: 120
  register: proxy
  failed_when: not proxy.obproxy.readiness.ready
"""

RETURN = r"""
obproxy:
  description: What was found.
  returned: success
  type: dict
  contains:
    processes:
      description:
        - Every process of OBProxy, the oldest first.
        - Subshells of C(obproxyd.sh) and a proxy that is about to fork are left out.
      type: list
      elements: dict
      contains:
        pid:
          description: Its number.
          type: int
        parent:
          description: The number of its parent.
          type: int
        name:
          description: Its name, as in C(/proc/PID/comm).
          type: str
        kind:
          description: V(proxy), V(daemon) for C(obproxyd.sh), or V(other) for another keyword.
          type: str
        user:
          description: Whose process it is.
          type: str
        executable:
          description: What runs, as in C(/proc/PID/exe); for an interpreter the path of the script.
          type: str
        executable_deleted:
          description: Whether the file has been removed or replaced since the start.
          type: bool
        cwd:
          description: Its working directory.
          type: str
        home:
          description: The directory of the installation it runs from.
          type: str
        uptime:
          description: For how many seconds it has run.
          type: int
        ports:
          description: All ports on which it listens, by the sockets it owns.
          type: list
          elements: int
        sql_port:
          description: The port for clients, if it listens on one.
          type: int
        prometheus_port:
          description: The port for Prometheus, if it listens on one.
          type: int
        rpc_port:
          description: The RPC port (4.3 and later), if it listens on one.
          type: int
        app_name:
          description: The application name it was started with.
          type: str
        start_mode:
          description:
            - V(config_url) or V(rs_list), as its arguments tell, or else the settings that it has saved in
              C(etc/obproxy_config.bin) or C(.conf/obproxy_config.bin) below its working directory.
            - Nothing when neither tells.
          type: str
        config_url:
          description: The config URL, if that is its start mode, without passwords and tokens.
          type: str
        ob_clusters:
          description:
            - The OB cluster that it serves, if its start mode is V(rs_list).
            - With a config URL it gets its OB clusters from the config server, and the list is empty.
          type: list
          elements: str
        proxysys_private_only:
          description:
            - Whether it lets C(root@proxysys) in from 127.0.0.1 and 192.168.x.x only, as it does unless
              C(skip_proxy_sys_private_check) is set. OCP, at another address, could not take it over.
            - Nothing when neither its arguments nor its saved settings tell.
          type: bool
        options:
          description: What its argument C(-o) sets, without passwords and tokens.
          type: dict
        daemon:
          description: The process of C(obproxyd.sh) that watches over this proxy, if one does.
          type: int
        started_by:
          description:
            - V(systemd) when it belongs to a service whose name has C(obproxy) in it, V(obproxyd) when C(obproxyd.sh)
              watches over it, V(obdeploy) when C(bash obproxyd.sh …) does, and otherwise V(hand).
          type: str
        unit:
          description: The systemd unit whose control group it is in, such as V(obproxy.service) or V(session-3.scope).
          type: str
    packages:
      description: Every installed package that has one of O(package_names).
      type: list
      elements: dict
      contains: &package
        name:
          description: The package's name.
          type: str
        epoch:
          description: Its epoch.
          type: int
        version:
          description: Its version.
          type: str
        release:
          description: Its release.
          type: str
        release_without_dist_tag:
          description: Its release without what tells the distribution, as OCP writes it.
          type: str
        arch:
          description: Its architecture.
          type: str
        nevra:
          description: Name, version, release and architecture in one word.
          type: str
        prefix:
          description: Where it is installed.
          type: str
        home:
          description: The directory below the prefix that holds C(bin/).
          type: str
        size:
          description: How many bytes its files take once they are installed.
          type: int
    package_file:
      description: The same of O(package_file), or nothing when there is no such file or it is no package.
      type: dict
      contains: *package
    package_manager:
      description: V(dnf4), V(dnf5) or V(yum), or nothing.
      type: str
    takeover_blockers:
      description:
        - What keeps OCP from taking the proxy over, as far as the host alone can tell. The README of the role
          P(obops.oceanbase.obproxy#role) lists them all.
        - What else is in the way, P(obops.oceanbase.takeover_blockers#filter) tells with the knowledge of OCP.
      type: list
      elements: dict
      contains:
        name:
          description: Its name, which is stable.
          type: str
        found:
          description: What was found.
          type: str
        needed:
          description: What is needed.
          type: str
        cure:
          description: What to do.
          type: str
        text:
          description: All of it in one line.
          type: str
    problems:
      description:
        - What stops the role P(obops.oceanbase.obproxy#role) on this host, in the form of
          RV(obproxy.takeover_blockers). What stops OCP as well has the same name and text there.
        - Without root it is V(not_root) alone, here and there.
      returned: O(expected) is given
      type: list
      elements: dict
    todo:
      description: What the role has to do on this host.
      returned: O(expected) is given
      type: dict
      contains:
        idle:
          description:
            - Whether the proxy is as expected and has answered for some time, so that the role has nothing to do.
              Settings and the systemd unit are not part of it.
          type: bool
        action:
          description: V(nothing), V(start), V(install) (and start), V(upgrade) or V(remove).
          type: str
        version:
          description: The version that is expected, or without one that of the proxy that runs or is installed.
          type: str
        home:
          description: The directory of that version.
          type: str
        installed:
          description: Whether its package is installed.
          type: bool
        packages:
          description: The installed packages that are this version, by their full names.
          type: list
          elements: str
        package:
          description: What is to be installed, the one package of the repositories that fits, or the file or URL.
          type: str
        package_module:
          description: Ansible's name of the host's package manager.
          type: str
        install_beside:
          description: The command that installs a package, its last argument, next to its other versions.
          type: list
          elements: str
        fetch_needed:
          description: Whether the package has to be fetched from a URL first.
          type: bool
        runs:
          description: Whether any process of OBProxy runs.
          type: bool
        pids:
          description: The processes of this version, and of those that an upgrade replaces.
          type: list
          elements: int
        ports:
          description: The ports on which they listen.
          type: list
          elements: int
        foreign_pids:
          description: All other processes of OBProxy.
          type: list
          elements: int
        answers:
          description: Whether the proxy answers, and has been waited for or has run for ten seconds.
          type: bool
        upgrade_from:
          description:
            - The package of the version in use that is to be replaced, described like one of RV(obproxy.packages).
            - Its RV(ignore:runs) says whether a proxy runs from it.
          type: dict
        old_packages:
          description: RV(ignore:nevra) and RV(ignore:home) of each package of a version that an upgrade replaces.
          type: list
          elements: dict
        install_needed:
          description: Whether anything below, or the package, is missing.
          type: bool
        missing_commands:
          description: Those of O(commands) that are missing.
          type: list
          elements: str
        missing_packages:
          description: What to install for RV(obproxy.todo.missing_commands).
          type: list
          elements: str
        missing_directories:
          description: The directories for logs that are missing or belong to another user.
          type: list
          elements: str
        user_home:
          description: The home directory that the user has or will have.
          type: str
        owner_is_right:
          description: Whether the files of this version belong to the user, or will once it is installed.
          type: bool
        link_is_right:
          description: Whether the symlink leads to this version. An upgrade changes it later.
          type: bool
        link:
          description: The path of the symlink to the version in use.
          type: str
        leftovers:
          description:
            - What goes with this version when it is removed. Whether RV(ignore:unit), RV(ignore:link) and
              RV(ignore:home) do, and the paths of RV(ignore:logs) that no other OBProxy of the host uses.
          type: dict
    available:
      description:
        - What can be installed, if a package has to be. Nothing otherwise.
        - From a file RV(ignore:checksum), by the algorithm of O(expected.package_checksum).
        - From repositories RV(ignore:packages), all versions that there are, RV(ignore:fitting), those that are wanted,
          RV(ignore:excluded), those that would be but are kept away by RV(ignore:excluded_by), RV(ignore:locked_by),
          the process that has the package manager's lock, and RV(ignore:error).
      returned: O(expected) is given
      type: dict
    config_server:
      description:
        - The config URL of the proxy that runs or that is to be started, RV(ignore:config_url), and why it cannot be
          used from the host, RV(ignore:problem), which is nothing when it can be.
        - A proxy that does not reach it answers, but serves no tenant.
      returned: O(expected) is given
      type: dict
    rpm_error:
      description: Why C(rpm) could not list the packages; nothing when it could.
      type: str
    installations:
      description: Each directory in which a version of OBProxy is installed, or was.
      type: list
      elements: dict
      contains:
        path:
          description: The directory, such as V(/opt/taobao/install/obproxy-1.9.1.1).
          type: str
        version:
          description: The version in its name.
          type: str
        owner:
          description: Whose it is.
          type: str
        program:
          description: Whether the proxy's program is still there.
          type: bool
        saved_configuration:
          description: Whether a proxy has saved its settings there, so that it starts without arguments.
          type: bool
    link:
      description: The symlink V(/opt/taobao/install/obproxy), described like one of RV(obproxy.paths).
      type: dict
    prefix:
      description:
        - Where the enterprise package installs, RV(ignore:path), where that really leads, RV(ignore:real), and the
          symlink on the way, RV(ignore:link), if there is one.
      type: dict
    unit:
      description:
        - The systemd unit of the role P(obops.oceanbase.obproxy#role), by RV(ignore:path) and RV(ignore:name). Whether
          there is one of that name, RV(ignore:exists), whether the role wrote it, RV(ignore:ours), and the comment by
          which the role knows that, RV(ignore:mark).
      type: dict
    nc:
      description: The C(nc) that C(obproxyd.sh) would run.
      type: dict
      contains:
        path:
          description: Where it is found, or nothing where it is missing.
          type: str
        target:
          description: The file behind all links.
          type: str
        flavour:
          description:
            - V(nmap-ncat), V(netcat-openbsd), V(netcat-traditional) or V(busybox), by that file's name and content.
            - Nothing when it is none of these.
          type: str
    commands:
      description: The path of each of O(commands), or nothing where it is missing.
      type: dict
    user:
      description:
        - About O(user), RV(ignore:name), RV(ignore:exists), RV(ignore:uid), RV(ignore:group), RV(ignore:home),
          RV(ignore:real_home), where that really leads, and RV(ignore:shell).
        - RV(ignore:group_exists) tells whether there is a group of the user's name.
      type: dict
    paths:
      description:
        - For each of O(paths), RV(ignore:exists), RV(ignore:type) (V(directory), V(file), V(link) or V(other)),
          RV(ignore:owner), RV(ignore:group), RV(ignore:target), and RV(ignore:real), where it really leads.
        - RV(ignore:filesystem) is where it is, or would be. Its RV(ignore:path) is the nearest directory that is there,
          RV(ignore:mount) the mount point, RV(ignore:free) the bytes that users other than root may still write,
          RV(ignore:read_only) whether nothing can be written, and RV(ignore:noexec) whether no program can be run
          from there.
      type: dict
    addresses:
      description:
        - IPv4 addresses of this host that are not 127.x, from its network devices, or else from its name.
        - Without any an OBProxy ends at its start.
      type: list
      elements: str
    listeners:
      description: Who listens on O(sql_port) and O(exporter_port), if anyone does.
      type: list
      elements: dict
      contains:
        port:
          description: The port.
          type: int
        address:
          description: The address it listens on.
          type: str
        pid:
          description: The process; nothing when it may not be seen.
          type: int
        name:
          description: The process's name.
          type: str
        user:
          description: The process's user.
          type: str
        obproxy:
          description: Whether it is a process of OBProxy.
          type: bool
    kernel:
      description: The kernel's release.
      type: str
    root:
      description: Whether the module ran as root, and so could see whose the ports are.
      type: bool
    readiness:
      description: Whether an OBProxy answers on O(sql_port).
      type: dict
      contains:
        ready:
          description: Whether an obproxy process owns the port and sends the MySQL greeting.
          type: bool
        verdict:
          description:
            - V(ready); without O(wait) otherwise V(not_ready).
            - After a wait V(start_failed) (the proxy's own log says so), V(restart_loop) (one proxy after the other
              ends), V(port_taken), V(not_running) or V(timeout).
          type: str
        message:
          description: The same as a sentence.
          type: str
        pid:
          description: The process that answers.
          type: int
        server_version:
          description: The version in its greeting, which is V(5.6.25) whatever the version of OBProxy.
          type: str
        failed_pids:
          description: The processes that ended during the wait.
          type: list
          elements: int
        elapsed:
          description: The seconds waited.
          type: float
        logs:
          description: The end of the proxy's logs, unless it is ready.
          type: list
          elements: dict
          contains:
            path:
              description: The log's path.
              type: str
            lines:
              description: Its last lines, without passwords.
              type: list
              elements: str
    login:
      description: What came of the log-in, if O(proxysys_password_sha1) was given and an OBProxy answers.
      type: dict
      contains:
        password_given:
          description: Whether it was tried with a password that is not empty.
          type: bool
        outcome:
          description: V(ok), V(denied) or V(failed).
          type: str
        message:
          description: Why.
          type: str
        old_password_works:
          description: Whether the log-in works with O(proxysys_password_old_sha1). Nothing if that was not tried.
          type: bool
    settings:
      description:
        - The proxy's settings (C(SHOW PROXYCONFIG)), by name, without passwords and other secrets. Empty if O(settings)
          is not set, or if the log-in was not successful.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the setting.
          type: str
        value:
          description: Its value, as the proxy writes it.
          type: str
        needs_restart:
          description: Whether a change of it needs a restart of the proxy.
          type: bool
  sample:
    addresses: [10.0.0.11]
    installations:
      - owner: admin
        path: /opt/taobao/install/obproxy-4.2.3.0
        program: true
        saved_configuration: true
        version: 4.2.3.0
    nc: {flavour: nmap-ncat, path: /usr/bin/nc, target: /usr/bin/ncat}
    packages:
      - arch: x86_64
        home: /opt/taobao/install/obproxy-4.2.3.0
        name: obproxy
        nevra: obproxy-4.2.3.0-20240101.el7.x86_64
        prefix: /opt/taobao/install
        release: 20240101.el7
        release_without_dist_tag: "20240101"
        size: 88772009
        version: 4.2.3.0
    processes:
      - app_name: demo
        config_url: http://10.0.0.9:8080/services?Action=GetObProxyConfig&User_ID=alibaba&UID=ocpmaster&ObproxyClusterName=demo
        cwd: /opt/taobao/install/obproxy-4.2.3.0
        daemon: 4700
        executable: /opt/taobao/install/obproxy-4.2.3.0/bin/obproxy
        home: /opt/taobao/install/obproxy-4.2.3.0
        kind: proxy
        name: obproxy
        ob_clusters: []
        options:
          proxy_mem_limited: 2G
          work_thread_num: "8"
        parent: 1
        pid: 4711
        ports: [2883, 2884]
        prometheus_port: 2884
        proxysys_private_only: true
        sql_port: 2883
        start_mode: config_url
        started_by: obproxyd
        unit: ssh.service
        uptime: 93600
        user: admin
    takeover_blockers: []
"""

from typing import Any, Dict, Optional

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._blockers.role import judge
from ..module_utils._host.look import look

EXPECTED = {
    "state": {"type": "str", "choices": ["started", "absent"], "default": "started"},
    "package_name": {"type": "str", "default": "obproxy"},
    "package_version": {"type": "str", "default": ""},
    "package_source": {"type": "str", "default": "repository"},
    "package_checksum": {"type": "str", "default": ""},
    "package_timeout": {"type": "int", "default": 180},
    "enablerepo": {"type": "list", "elements": "str", "default": []},
    "disablerepo": {"type": "list", "elements": "str", "default": []},
    "disable_gpg_check": {"type": "bool", "default": False},
    "upgrade": {"type": "bool", "default": False},
    "service": {"type": "bool", "default": False},
    "config_url": {"type": "str", "default": ""},
    "rs_list": {"type": "list", "elements": "str", "default": []},
    "known_problems": {"type": "list", "elements": "dict", "default": []},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "user": {"type": "str", "default": "admin"},
            "package_names": {"type": "list", "elements": "str", "default": ["obproxy", "obproxy-ce"]},
            "package_file": {"type": "path"},
            "process_keywords": {
                "type": "list",
                "elements": "str",
                "default": ["obproxy", "obproxyd.sh"],
                "no_log": False,
            },
            "commands": {"type": "list", "elements": "str", "default": ["nc"]},
            "paths": {"type": "list", "elements": "path", "default": []},
            "sql_port": {"type": "int", "default": 2883},
            "exporter_port": {"type": "int", "default": 2884},
            "expected": {"type": "dict", "options": EXPECTED},
            "home": {"type": "path"},
            "proxysys_password_sha1": {"type": "str", "no_log": True},
            "proxysys_password_old_sha1": {"type": "str", "no_log": True},
            "settings": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
            "rpm_timeout": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    module.params["expected"] = expected_of(module.params)
    try:
        obproxy = look(module.params)
    except ValueError as error:
        module.fail_json(msg="proxysys_password_sha1 or proxysys_password_old_sha1: %s." % error)
    obproxy.update(judge(obproxy, module.params))
    server = obproxy.get("config_server") or {}
    if server.get("problem"):
        module.warn(server["problem"])
    module.exit_json(changed=False, obproxy=obproxy)


def expected_of(options: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """What is expected, with the options of the same name that a look needs anyway."""
    shared = {name: options[name] for name in ("user", "sql_port", "exporter_port", "wait")}
    return dict(options["expected"], **shared) if options["expected"] else None


if __name__ == "__main__":
    main()
