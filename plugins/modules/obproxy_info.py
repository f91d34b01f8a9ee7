#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_info
short_description: Get information about OBProxy on a host, and wait until it is ready
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Gets the OBProxy processes on a host with their directories, users and ports, the installed OBProxy packages,
    whether an OBProxy answers on its SQL port, and what prevents OCP from taking the proxy over.
  - The module reads C(/proc) and queries C(rpm). It changes nothing and does not use a shell.
  - With O(wait=true), the module waits on the host until the proxy is ready. The whole wait is one remote execution.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.host
options:
  user:
    description: The user that should run OBProxy. OCP takes over only proxies that run as V(admin).
    type: str
    default: admin
  package_names:
    description: The names of OBProxy packages to look for, in addition to O(expected.package_name).
    type: list
    elements: str
    default: [obproxy, obproxy-ce]
  package_file:
    description:
      - The path of an RPM file on the host. RV(obproxy.package_file) describes it.
      - If it is not set and O(expected.package_source) is a path, that path is used.
    type: path
  process_keywords:
    description:
      - The names of OBProxy processes.
      - A process matches if it has one of these names, or if it is a shell or Python that runs a script with one of
        these names. The rest of its command line is ignored.
    type: list
    elements: str
    default: [obproxy, obproxyd.sh]
  commands:
    description: The commands to look for. C(obproxyd.sh) checks its proxy with V(nc).
    type: list
    elements: str
    default: [nc]
  paths:
    description: The paths to return in RV(obproxy.paths) with their type and owner.
    type: list
    elements: path
    default: []
  sql_port:
    description: The SQL port of the proxy.
    type: int
    default: 2883
  exporter_port:
    description: The Prometheus port of the proxy.
    type: int
    default: 2884
  home:
    description:
      - The directory of the installation whose logs to return if no proxy is running, such as
        V(/opt/taobao/install/obproxy-1.9.1.1).
    type: path
  proxysys_password_sha1:
    description:
      - The SHA-1 of the password of C(root@proxysys) as 40 hex digits, C(password | hash('sha1')). The login needs
        nothing else. Ansible would mask a plain password such as V(admin) wherever it appears in the result.
      - If it is set and an OBProxy answers, the module tries to log in and returns the result in RV(obproxy.login).
      - The empty string stands for the empty password. Up to OBProxy 4.2, it is empty for a new proxy.
    type: str
  proxysys_password_old_sha1:
    description:
      - The SHA-1 of the password that C(root@proxysys) may still have, in the form of O(proxysys_password_sha1).
      - If the login with O(proxysys_password_sha1) is denied, the module tries this password and returns the result in
        RV(obproxy.login.old_password_works).
    type: str
  settings:
    description:
      - Whether to return RV(obproxy.settings). This requires O(proxysys_password_sha1).
    type: bool
    default: false
  expected:
    description:
      - The state that the role P(obops.oceanbase.obproxy#role) should bring this host to, together with O(user),
        O(sql_port) and O(exporter_port). If it is set, RV(obproxy.problems) and RV(obproxy.todo) are returned.
    type: dict
    suboptions:
      state:
        description: Whether the proxy should run or be removed.
        type: str
        choices: [started, absent]
        default: started
      package_name:
        description: The name of the package.
        type: str
        default: obproxy
      package_version:
        description:
          - The version and release, with or without the dist tag, or the version alone.
          - If it is empty, a running or installed proxy is kept.
        type: str
        default: ""
      package_source:
        description:
          - V(repository), the path of an RPM file on the host, or a URL. The module does not open URLs.
        type: str
        default: repository
      package_checksum:
        description: The checksum that an RPM file must have, such as V(sha256:0123…).
        type: str
        default: ""
      package_timeout:
        description: How long the package manager may take to list the packages of the repositories, in seconds.
        type: int
        default: 180
      enablerepo:
        description: Additional repositories to enable.
        type: list
        elements: str
        default: []
      disablerepo:
        description: Repositories to disable. Use V(*) to disable all except those of O(expected.enablerepo).
        type: list
        elements: str
        default: []
      disable_gpg_check:
        description: Whether a package without a valid signature may be installed.
        type: bool
        default: false
      upgrade:
        description: Whether to replace another installed version.
        type: bool
        default: false
      service:
        description: Whether systemd should start the proxy at boot.
        type: bool
        default: false
      rs_list:
        description:
          - The root servers to start the proxy with.
          - If neither O(expected.rs_list) nor O(expected.config_url) is set and the proxy must be started,
            RV(obproxy.problems) says so.
        type: list
        elements: str
        default: []
      config_url:
        description:
          - The config URL to start the proxy with. RV(obproxy.config_server) shows whether the host can reach it, or
            the config URL of the running proxy. If the host cannot reach it, the module warns.
        type: str
        default: ""
      known_problems:
        description: Problems that are already known, to list first in RV(obproxy.problems).
        type: list
        elements: dict
        default: []
  wait:
    description:
      - Wait until an obproxy process owns O(sql_port) and sends the MySQL greeting.
      - The wait ends early if the start failed, if the proxy keeps restarting, if no proxy is running, or if another
        process owns the port.
      - The module does not fail if the proxy is not ready. Check RV(obproxy.readiness.ready).
    type: bool
    default: false
  wait_timeout:
    description: How long to wait at most, in seconds. V(0) waits forever.
    type: int
    default: 600
  started_pid:
    description:
      - The process ID of the proxy that M(obops.oceanbase.obproxy_start) has just started and verified. If this process
        answers, O(wait) ends at once. Any other new proxy is checked again after a second.
    type: int
  rpm_timeout:
    description:
      - How long C(rpm) may take to list the packages, in seconds. After that, the module stops it and
        RV(obproxy.rpm_error) says so.
    type: int
    default: 60
notes:
  - Run this module as root, or with C(become). Other users cannot see which process owns a port.
seealso:
  - module: obops.oceanbase.ocp_obproxy_takeover
"""

EXAMPLES = r"""
- name: Get information about OBProxy on this host
  obops.oceanbase.obproxy_info:
  register: proxy

- name: Show the running processes
  ansible.builtin.debug:
    msg: "{{ item.executable }} runs as {{ item.user }} and listens on {{ item.ports | join(', ') }}"
  loop: "{{ proxy.obproxy.processes }}"
  loop_control:
    label: "{{ item.pid }}"

- name: Fail if OCP cannot take the proxy over
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
  description: Information about OBProxy on the host.
  returned: success
  type: dict
  contains:
    processes:
      description:
        - All OBProxy processes, the oldest first.
        - Subshells of C(obproxyd.sh), and a proxy that is about to fork, are left out.
      type: list
      elements: dict
      contains:
        pid:
          description: The process id.
          type: int
        parent:
          description: The process id of its parent.
          type: int
        name:
          description: The process name, as in C(/proc/PID/comm).
          type: str
        kind:
          description: V(proxy), V(daemon) for C(obproxyd.sh), or V(other) for other names in O(process_keywords).
          type: str
        user:
          description: The user that runs the process.
          type: str
        executable:
          description: The executable, as in C(/proc/PID/exe). For an interpreter, the path of the script.
          type: str
        executable_deleted:
          description: Whether the executable was removed or replaced after the process started.
          type: bool
        cwd:
          description: Its working directory.
          type: str
        home:
          description: The directory of the installation that it runs from.
          type: str
        uptime:
          description: How long it has been running, in seconds.
          type: int
        ports:
          description: All ports that it listens on, according to the sockets it owns.
          type: list
          elements: int
        sql_port:
          description: The SQL port, if it listens on one.
          type: int
        prometheus_port:
          description: The Prometheus port, if it listens on one.
          type: int
        rpc_port:
          description: The RPC port (4.3 and later), if it listens on one.
          type: int
        app_name:
          description: The application name that it was started with.
          type: str
        start_mode:
          description:
            - V(config_url) or V(rs_list), according to its command line, or else to the configuration that it saved
              in C(etc/obproxy_config.bin) or C(.conf/obproxy_config.bin) in its working directory.
            - Not set if neither shows the start mode.
          type: str
        config_url:
          description: The config URL, if its start mode is V(config_url), without passwords and tokens.
          type: str
        ob_clusters:
          description:
            - The OB cluster that it serves, if its start mode is V(rs_list).
            - With a config URL, it gets its OB clusters from the config server, and the list is empty.
          type: list
          elements: str
        proxysys_private_only:
          description:
            - Whether it accepts logins of C(root@proxysys) only from 127.0.0.1 and 192.168.x.x. This is the default
              unless C(skip_proxy_sys_private_check) is set. If OCP has another address, it cannot take the proxy over.
            - Not set if neither its command line nor its saved configuration shows it.
          type: bool
        options:
          description: The options on its command line (C(-o)), without passwords and tokens.
          type: dict
        daemon:
          description: The process id of the C(obproxyd.sh) that monitors this proxy, if there is one.
          type: int
        started_by:
          description:
            - V(systemd) if it belongs to a service with C(obproxy) in its name, V(obproxyd) if C(obproxyd.sh) monitors
              it, V(obdeploy) if C(bash obproxyd.sh …) does, and V(hand) otherwise.
          type: str
        unit:
          description: The systemd unit of its control group, such as V(obproxy.service) or V(session-3.scope).
          type: str
    packages:
      description: The installed packages with one of O(package_names).
      type: list
      elements: dict
      contains: &package
        name:
          description: The name of the package.
          type: str
        epoch:
          description: The epoch.
          type: int
        version:
          description: The version.
          type: str
        release:
          description: The release.
          type: str
        release_without_dist_tag:
          description: The release without the dist tag, as OCP writes it.
          type: str
        arch:
          description: The architecture.
          type: str
        nevra:
          description: Name, version, release and architecture as one string.
          type: str
        prefix:
          description: The directory that it is installed in.
          type: str
        home:
          description: The directory below the prefix that contains C(bin/).
          type: str
        size:
          description: The size of the installed files in bytes.
          type: int
    package_file:
      description: The same for O(package_file). Not set if there is no such file or if it is not a package.
      type: dict
      contains: *package
    package_manager:
      description: V(dnf4), V(dnf5) or V(yum). Not set if there is none of them.
      type: str
    takeover_blockers:
      description:
        - What prevents OCP from taking the proxy over, as far as the host itself shows it. The README of the role
          P(obops.oceanbase.obproxy#role) lists all blockers.
        - P(obops.oceanbase.takeover_blockers#filter) returns the blockers that depend on OCP as well.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the blocker. Names are stable.
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
          description: All of this in one line.
          type: str
    problems:
      description:
        - What prevents the role P(obops.oceanbase.obproxy#role) from running on this host, in the form of
          RV(obproxy.takeover_blockers). Problems that also block OCP have the same name and text there.
        - Without root, both lists contain only V(not_root).
      returned: O(expected) is set
      type: list
      elements: dict
    todo:
      description: What the role must do on this host.
      returned: O(expected) is set
      type: dict
      contains:
        idle:
          description:
            - Whether the proxy is as expected and has been answering for some time, so that the role has nothing to
              do. Settings and the systemd unit are not considered.
          type: bool
        action:
          description: V(nothing), V(start), V(install) (and start), V(upgrade) or V(remove).
          type: str
        version:
          description: The expected version. If none is set, the version of the running or installed proxy.
          type: str
        home:
          description: The directory of that version.
          type: str
        installed:
          description: Whether its package is installed.
          type: bool
        packages:
          description: The full names of the installed packages of this version.
          type: list
          elements: str
        package:
          description: What to install. The matching package of the repositories, or the file or URL.
          type: str
        package_module:
          description: The Ansible module for the host's package manager.
          type: str
        install_beside:
          description: The command that installs a package next to other versions. Append the package to it.
          type: list
          elements: str
        fetch_needed:
          description: Whether the package must first be downloaded from a URL.
          type: bool
        runs:
          description: Whether any OBProxy process is running.
          type: bool
        pids:
          description: The processes of this version, and of the versions that an upgrade replaces.
          type: list
          elements: int
        ports:
          description: The ports that these processes listen on.
          type: list
          elements: int
        foreign_pids:
          description: All other OBProxy processes.
          type: list
          elements: int
        answers:
          description: Whether the proxy answers, either after a wait or because it has been running for ten seconds.
          type: bool
        upgrade_from:
          description:
            - The package of the version in use that will be replaced, in the form of RV(obproxy.packages).
            - RV(ignore:runs) says whether a proxy of this version is running.
          type: dict
        old_packages:
          description: RV(ignore:nevra) and RV(ignore:home) of each package that an upgrade replaces.
          type: list
          elements: dict
        install_needed:
          description: Whether the package or anything listed below is missing.
          type: bool
        missing_commands:
          description: The commands in O(commands) that are missing.
          type: list
          elements: str
        missing_packages:
          description:
            - The packages to install for RV(obproxy.todo.missing_commands), each by its name or by the path of the
              command.
          type: list
          elements: str
        install_with:
          description: Those of RV(obproxy.todo.missing_packages) that are installed together with OBProxy.
          type: list
          elements: str
        install_before:
          description:
            - Those of RV(obproxy.todo.missing_packages) that are installed in a step of their own, because OBProxy is
              installed, replaces another version, or is installed without a signature.
          type: list
          elements: str
        missing_directories:
          description: The log directories that are missing or belong to another user.
          type: list
          elements: str
        user_home:
          description: The current or future home directory of the user.
          type: str
        owner_is_right:
          description: Whether the files of this version belong to the user, or will do so after the installation.
          type: bool
        link_is_right:
          description: Whether the symlink points to this version. An upgrade changes it later.
          type: bool
        link:
          description: The path of the symlink to the version in use.
          type: str
        leftovers:
          description:
            - What is removed together with this version. RV(ignore:unit), RV(ignore:link) and RV(ignore:home) are
              booleans, RV(ignore:logs) are the log directories that no other OBProxy on the host uses.
          type: dict
    available:
      description:
        - The available packages, if a package must be installed. Not set otherwise.
        - For a file, RV(ignore:checksum), calculated with the algorithm of O(expected.package_checksum).
        - For repositories, RV(ignore:packages), all available versions, RV(ignore:fitting), the versions that match,
          RV(ignore:excluded), the versions that match but are excluded by RV(ignore:excluded_by),
          RV(ignore:locked_by), the process that holds the package manager's lock, and RV(ignore:error).
      returned: O(expected) is set
      type: dict
    unavailable:
      description:
        - Which packages of missing commands the repositories do not have, as RV(ignore:packages), and what excludes
          them, as RV(ignore:excluded_by).
        - Not set if no command is missing, or if the repositories cannot be listed.
      returned: O(expected) is set
      type: dict
    config_server:
      description:
        - RV(ignore:config_url), the config URL of the proxy that is running or will be started, and
          RV(ignore:problem), why the host cannot use it. RV(ignore:problem) is not set if the host can use it.
        - A proxy that cannot reach its config URL answers, but serves no tenant.
      returned: O(expected) is set
      type: dict
    rpm_error:
      description: Why C(rpm) could not list the packages. Not set if it could.
      type: str
    installations:
      description: The directories in which a version of OBProxy is or was installed.
      type: list
      elements: dict
      contains:
        path:
          description: The directory, such as V(/opt/taobao/install/obproxy-1.9.1.1).
          type: str
        version:
          description: The version in the name of the directory.
          type: str
        owner:
          description: The owner of the directory.
          type: str
        program:
          description: Whether the directory still contains the OBProxy program.
          type: bool
        saved_configuration:
          description: Whether a proxy saved its settings there, so that it starts without arguments.
          type: bool
    link:
      description: The symlink V(/opt/taobao/install/obproxy), in the form of RV(obproxy.paths).
      type: dict
    prefix:
      description:
        - RV(ignore:path), the directory that the enterprise package installs in, RV(ignore:real), the same directory
          with symlinks resolved, and RV(ignore:link), the symlink in its path, if there is one.
      type: dict
    unit:
      description:
        - The systemd unit of the role P(obops.oceanbase.obproxy#role), with its RV(ignore:path) and RV(ignore:name).
          RV(ignore:exists) says whether there is a unit of that name, RV(ignore:ours) whether the role wrote it.
          RV(ignore:mark) is the comment that identifies a unit of the role.
      type: dict
    nc:
      description: The C(nc) command that C(obproxyd.sh) would run.
      type: dict
      contains:
        path:
          description: The path of the command. Not set if it is missing.
          type: str
        target:
          description: The path with symlinks resolved.
          type: str
        flavour:
          description:
            - V(nmap-ncat), V(netcat-openbsd), V(netcat-traditional) or V(busybox), according to the name and content
              of the file.
            - Not set if it is none of these.
          type: str
    commands:
      description: The path of each command in O(commands). Not set for commands that are missing.
      type: dict
    user:
      description:
        - Information about O(user), with RV(ignore:name), RV(ignore:exists), RV(ignore:uid), RV(ignore:group),
          RV(ignore:home), RV(ignore:real_home), which is the home directory with symlinks resolved, and
          RV(ignore:shell).
        - RV(ignore:group_exists) says whether there is a group with the name of the user.
      type: dict
    paths:
      description:
        - For each path in O(paths), RV(ignore:exists), RV(ignore:type) (V(directory), V(file), V(link) or V(other)),
          RV(ignore:owner), RV(ignore:group), RV(ignore:target), and RV(ignore:real), the path with symlinks resolved.
        - RV(ignore:filesystem) describes the file system that the path is or would be on. RV(ignore:path) is the
          nearest existing directory, RV(ignore:mount) the mount point, RV(ignore:free) the space in bytes that is
          available to users other than root, RV(ignore:read_only) whether it is mounted read-only, and
          RV(ignore:noexec) whether it is mounted with C(noexec).
      type: dict
    addresses:
      description:
        - The IPv4 addresses of this host other than 127.x, from its network devices, or else from its name.
        - Without such an address, OBProxy exits at its start.
      type: list
      elements: str
    listeners:
      description: The processes that listen on O(sql_port) and O(exporter_port).
      type: list
      elements: dict
      contains:
        port:
          description: The port.
          type: int
        address:
          description: The address that it listens on.
          type: str
        pid:
          description: The process id. Not set if the module may not see it.
          type: int
        name:
          description: The name of the process.
          type: str
        user:
          description: The user that runs the process.
          type: str
        obproxy:
          description: Whether it is an OBProxy process.
          type: bool
    kernel:
      description: The release of the kernel.
      type: str
    root:
      description: Whether the module ran as root. Otherwise it cannot see which process owns a port.
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
            - Without O(wait), V(ready) or V(not_ready).
            - With O(wait), V(ready), V(start_failed) (according to the proxy's own log), V(restart_loop) (the proxy
              exits after each start), V(port_taken), V(not_running) or V(timeout).
          type: str
        message:
          description: The verdict as a sentence.
          type: str
        pid:
          description: The id of the process that answers.
          type: int
        server_version:
          description: The version in its MySQL greeting. This is V(5.6.25) for all versions of OBProxy.
          type: str
        failed_pids:
          description: The ids of the processes that exited during the wait.
          type: list
          elements: int
        elapsed:
          description: How long the module waited, in seconds.
          type: float
        logs:
          description: The last lines of the proxy's logs, if it is not ready.
          type: list
          elements: dict
          contains:
            path:
              description: The path of the log.
              type: str
            lines:
              description: The last lines of the log, without passwords.
              type: list
              elements: str
    login:
      description: The result of the login, if O(proxysys_password_sha1) is set and an OBProxy answers.
      type: dict
      contains:
        password_given:
          description: Whether the password was not empty.
          type: bool
        outcome:
          description: V(ok), V(denied) or V(failed).
          type: str
        message:
          description: The reason.
          type: str
        old_password_works:
          description: Whether the login with O(proxysys_password_old_sha1) works. Not set if it was not tried.
          type: bool
    settings:
      description:
        - The settings of the proxy (C(SHOW PROXYCONFIG)), sorted by name, without passwords and other secrets. Not set
          if O(settings=false) or if the login failed.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the setting.
          type: str
        value:
          description: The value, as the proxy writes it.
          type: str
        needs_restart:
          description: Whether a change takes effect only after a restart of the proxy.
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
            "started_pid": {"type": "int"},
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
    """Return the expected state together with the module's own options that belong to it, or None if it is not set."""
    shared = {name: options[name] for name in ("user", "sql_port", "exporter_port", "wait")}
    return dict(options["expected"], **shared) if options["expected"] else None


if __name__ == "__main__":
    main()
