# shellcheck shell=bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A proxy without blockers, and processes that only look like a proxy.
set -e
useradd --create-home admin
mkdir -p /home/admin/logs/obproxy/log
chown -R admin /home/admin
dnf -q -y install nmap-ncat obproxy-1.9.1.1
cd /home/admin
export OBPROXY_EXTRA_OPT=skip_proxy_sys_private_check=true OBPROXY_CONFIG_SERVER_URL=$CONFIG_URL
runuser -u admin -- /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh -c start -e private -n demo -p 2883

# Scripts named like OCP's agent and an editor, so that the processes have these names.
for name in obstat2 vim; do
    printf '#!/bin/sh\nsleep 900\n' > "/usr/local/bin/$name"
    chmod +x "/usr/local/bin/$name"
done
detached() { systemd-run --quiet --collect "$@"; }
detached obstat2 -i 1 -c test323 __obproxy__
detached vim /home/admin/logs/obproxy/log/obproxy.log
detached vim /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh
detached tail -F /home/admin/logs/obproxy/log/obproxy.log
detached bash -c 'sleep 900; : /opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh'
