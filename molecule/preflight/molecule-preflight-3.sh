# shellcheck shell=bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A copy of a package that is no longer installed, run by root on another port. It is started again without arguments,
# so that only its saved settings show how it was started.
set -e
useradd --create-home admin
dnf -q -y install obproxy-1.9.1.1
mkdir -p /data
cp -a /opt/taobao/install/obproxy-1.9.1.1 /data/obproxy-1.9.1.1
rpm --erase obproxy
cd /data/obproxy-1.9.1.1
rm log
bin/obproxy -p 3883 -n other -c ob -r 10.1.1.1:2881 -o enable_strict_kernel_release=false,prometheus_listen_port=3884
for _ in $(seq 50); do
    [ -s etc/obproxy_config.bin ] && break
    sleep 0.1
done
pkill -9 -x obproxy
bin/obproxy
