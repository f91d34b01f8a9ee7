# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: obproxy_launch
short_description: Get the script, arguments and environment that launch OBProxy
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns how M(obops.oceanbase.obproxy_start) and the systemd unit of the role P(obops.oceanbase.obproxy#role) launch
    OBProxy.
options:
  _input:
    description: The variables of the role that begin with C(obproxy_), by their names.
    type: dict
    required: true
  kernel:
    description:
      - The release of the host's kernel, as C(uname -r) prints it.
      - OBProxy refuses to start on a kernel other than those of Enterprise Linux 5 to 7, unless its option
        C(enable_strict_kernel_release) is false.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the options of OBProxy
  ansible.builtin.debug:
    msg: "{{ (variables | obops.oceanbase.obproxy_launch('5.10.134-16.al8.x86_64')).environment.OBPROXY_EXTRA_OPT }}"
    # prometheus_listen_port=2884,skip_proxy_sys_private_check=true,enable_strict_kernel_release=false,work_thread_num=8
  vars:
    variables:
      obproxy_app_name: demo
      obproxy_sql_port: 2883
      obproxy_exporter_port: 2884
      obproxy_environment: private
      obproxy_config_url: "http://ocp.example.com:8080/services?Action=GetObProxyConfig"
      obproxy_rs_list: []
      obproxy_ob_cluster: ""
      obproxy_extra_options: {work_thread_num: 8}
"""

RETURN = r"""
_value:
  description: How OBProxy is launched.
  type: dict
  contains:
    script:
      description: A script for C(sh -c), with the directory of the installation and the arguments of C(obproxyd.sh).
      type: str
    arguments:
      description: The arguments of C(obproxyd.sh), without the command.
      type: list
      elements: str
    environment:
      description: The environment of the script, without C(OBPROXY_CONFIG_SERVER_URL), since a URL may hold a secret.
      type: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._launch import launch


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"obproxy_launch": launch}
