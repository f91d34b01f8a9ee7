#!/bin/bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The processes with their start times, and every file of the installation with its owner, content and time. Content and
# time are omitted where the proxy keeps its parameters, because OCP sets them.
{ ps -o pid=,lstart=,args= -C obproxy; ps -o ppid=,pid=,lstart=,args= -C obproxyd.sh | sed -n 's/^ *1 //p'
find /opt/taobao -printf '%p %U %m %y %l\n' | grep -v '\.old' | sort
find /opt/taobao \( -name etc -o -name .conf \) -prune -o -printf '%p %T@\n' | sort
find /opt/taobao \( -name etc -o -name .conf \) -prune -o -type f -exec sha256sum {} + | sort; rpm -qa --queryformat '%{NEVRA} %{INSTALLTIME}\n' | sort; }