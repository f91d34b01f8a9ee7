#!/bin/bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

set -e
useradd --create-home admin
mkdir -p /home/admin/logs/obproxy/log
chown -R admin /home/admin
dnf -q -y install nmap-ncat obproxy-1.9.1.1
ln -s obproxy-1.9.1.1 /opt/taobao/install/obproxy
cd /home/admin
export OBPROXY_EXTRA_OPT=skip_proxy_sys_private_check=true OBPROXY_CONFIG_SERVER_URL=$CONFIG_URL
runuser -u admin -- /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh -c start -e private -n demo -p 2883
