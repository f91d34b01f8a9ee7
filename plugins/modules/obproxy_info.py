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
    description: The names under which OBProxy's package comes.
    type: list
    elements: str
    default: [obproxy, obproxy-ce]
  package_file:
    description: The path of an RPM file on the host, to be described in RV(obproxy.package_file).
    type: path
  process_keywords:
    description:
      - The names of OBProxy's processes.
      - A process counts when it has such a name, or when a shell or Python runs a script of that name. What else
        stands in a command line does not matter.
    type: list
    elements: str
    default: [obproxy, obproxyd.sh]
  commands:
    description: Commands to look for. C(obproxyd.sh) probes its proxy with V(nc).
    type: list
    elements: str
    default: [nc]
  paths:
    description: Paths whose type and owner are to be told in RV(obproxy.paths).
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
  proxysys_password:
    description:
      - The password of C(root@proxysys). When it is given and an OBProxy answers, a log-in is tried, and
        RV(obproxy.login) tells what came of it.
      - An empty password is tried as well. It is the one of a fresh proxy up to 4.2.
    type: str
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
        saved_configuration:
          description: Whether a proxy has saved its settings there, so that it starts without arguments.
          type: bool
    link:
      description: The symlink V(/opt/taobao/install/obproxy), described like one of RV(obproxy.paths).
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
        - About O(user), RV(ignore:name), RV(ignore:exists), RV(ignore:uid), RV(ignore:group), RV(ignore:home) and
          RV(ignore:shell).
        - RV(ignore:group_exists) tells whether there is a group of the user's name.
      type: dict
    paths:
      description:
        - For each of O(paths), RV(ignore:exists), RV(ignore:type) (V(directory), V(file), V(link) or V(other)),
          RV(ignore:owner), RV(ignore:group) and RV(ignore:target).
        - RV(ignore:filesystem) is where it is, or would be. Its RV(ignore:path) is the nearest directory that is there,
          RV(ignore:free) the bytes that users other than root may still write, and RV(ignore:read_only) tells whether
          nobody may.
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
      description: What came of the log-in, if O(proxysys_password) was given and an OBProxy answers.
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
  sample:
    addresses: [10.0.0.11]
    installations:
      - {owner: admin, path: /opt/taobao/install/obproxy-4.2.3.0, saved_configuration: true, version: 4.2.3.0}
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

import os

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _blockers, _host_addresses, _host_files, _host_packages
from ..module_utils._host import Host


def main():
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
            "home": {"type": "path"},
            "proxysys_password": {"type": "str", "no_log": True},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
        },
        supports_check_mode=True,
    )
    options = module.params
    host = Host(options["process_keywords"], options["sql_port"], options["exporter_port"])
    timeout = options["wait_timeout"] if options["wait"] else None
    readiness = host.readiness(timeout, options["home"])
    password = options["proxysys_password"]
    login = host.log_in(password) if readiness["ready"] and password is not None else None
    # Packages and files come after the wait: they are told as they are at the end.
    obproxy = dict(
        host.summary(),
        installations=_host_files.find_installations(),
        link=_host_files.find_path(_blockers.PREFIX + "/obproxy"),
        nc=_host_files.find_nc(),
        readiness=readiness,
        login=login,
        packages=installed_packages(module, options["package_names"]),
        package_file=package_in(module, options["package_file"]),
        package_manager=_host_files.find_package_manager(),
        commands=_host_files.find_commands(options["commands"]),
        user=_host_files.find_user(options["user"]),
        paths={path: described(path) for path in options["paths"]},
        addresses=_host_addresses.find_addresses(),
        kernel=_host_files.kernel_release(),
        root=os.geteuid() == 0,
    )
    obproxy["takeover_blockers"] = _blockers.on_host(obproxy, options["sql_port"])
    module.exit_json(changed=False, obproxy=obproxy)


def described(path):
    return dict(_host_files.find_path(path), filesystem=_host_files.find_filesystem(path))


def installed_packages(module, names):
    rpm = module.get_bin_path("rpm")
    if rpm is None:
        return []
    code, output, error = module.run_command([rpm] + _host_packages.installed_query())
    if code != 0:
        module.fail_json(msg="The RPM database of this host cannot be read: %s" % (error or output).strip())
    return _host_packages.parse_packages(output, names)


def package_in(module, path):
    rpm = module.get_bin_path("rpm")
    if rpm is None or path is None:
        return None
    code, output, _error = module.run_command([rpm] + _host_packages.file_query(path))
    packages = _host_packages.parse_packages(output) if code == 0 else []
    return packages[0] if packages else None


if __name__ == "__main__":
    main()
