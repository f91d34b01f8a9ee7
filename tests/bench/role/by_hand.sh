# shellcheck shell=bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the role does on a new host, as commands that someone types in one SSH session.
set -eu
which nc || true
dnf -q list --available --refresh obproxy
dnf -y -q install nmap-ncat
useradd --shell /bin/bash admin
mkdir -p /home/admin/logs/obproxy/{log,minidump}
chown -R admin /home/admin/logs
dnf -y -q install obproxy-1.9.1.1-1919579.el7
ln -s obproxy-1.9.1.1 /opt/taobao/install/obproxy
cd /home/admin
export HOME=/home/admin ENABLE_ROOT_SERVER=true ROOT_SERVER_LIST=10.1.1.1:2881 ROOT_SERVER_CLUSTER_NAME=ob
export OBPROXY_EXTRA_OPT=prometheus_listen_port=2884,skip_proxy_sys_private_check=true,enable_strict_kernel_release=false
runuser -u admin -- /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh -c start -n obproxy -p 2883 -e private
until nc -w 2 127.0.0.1 2883 < /dev/null | grep -q mysql_native_password; do sleep 0.2; done
# As the role: a proxy that dies right after its start has not come up.
sleep 1
nc -w 2 127.0.0.1 2883 < /dev/null | grep -q mysql_native_password
