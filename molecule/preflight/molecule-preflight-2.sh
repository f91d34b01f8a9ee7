# shellcheck shell=bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Two packages, and in addition to the official proxy one with another path and obdeploy's daemon, whose name is bash.
set -e
useradd --create-home admin
mkdir -p /home/admin/logs/obproxy/log
chown -R admin /home/admin
dnf -q -y install nmap-ncat obproxy-1.9.1.1
rpm --install --nodeps --oldpackage /srv/packages/obproxy-3.2.3.5-2.el7.x86_64.rpm
mkdir -p /data
cp -a /opt/taobao/install/obproxy-1.9.1.1 /data/obproxy
rm /data/obproxy/log
export OBPROXY_EXTRA_OPT=skip_proxy_sys_private_check=true OBPROXY_CONFIG_SERVER_URL=$CONFIG_URL
cd /home/admin
runuser -u admin -- /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh -c start -e private -n demo -p 2883

cd /data/obproxy
chown -R admin /data
runuser -u admin -- bin/obproxy -p 3883 -n other -c ob -r 10.1.1.1:2881 \
    -o enable_strict_kernel_release=false,prometheus_listen_port=3884
printf 'while true; do sleep 1; done\n' > obproxyd.sh
systemd-run --quiet --collect bash /data/obproxy/obproxyd.sh /data/obproxy 127.0.0.1 3883 daemon
