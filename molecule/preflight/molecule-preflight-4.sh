# shellcheck shell=bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The state after a newer package replaced the old one while the proxy kept running. The proxy has a password (secret,
# as SHA-1) and the config URL of another OCP.
set -e
useradd --create-home admin
mkdir -p /home/admin/logs/obproxy/log
chown -R admin /home/admin
dnf -q -y install obproxy-1.9.1.1
cp -a /opt/taobao/install/obproxy-1.9.1.1 /opt/taobao/install/kept
rpm --erase obproxy
dnf -q -y install obproxy-3.2.3.5
mv /opt/taobao/install/kept /opt/taobao/install/obproxy-1.9.1.1
cd /opt/taobao/install/obproxy-1.9.1.1
options=obproxy_config_server_url=http://127.0.0.1:9/services?ObproxyClusterName=theirs
options+=,skip_proxy_sys_private_check=true,enable_strict_kernel_release=false
options+=,obproxy_sys_password=e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4
runuser -u admin -- bin/obproxy -p 2883 -n theirs -o "$options"
