#!/bin/bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The obproxyd.sh of the stand-in package. It starts a proxy, keeps it alive, and stops every proxy of the host.

cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
home=$PWD
app_name=$APPNAME
idc=$OBPROXY_IDC_NAME
port=${OBPROXY_PORT:-$obproxy_port}
url=$OBPROXY_CONFIG_SERVER_URL
root_server_mode=$ENABLE_ROOT_SERVER
root_servers=$ROOT_SERVER_LIST
cluster=$ROOT_SERVER_CLUSTER_NAME
command=
environment=
own_arguments=()

# The number of times that the daemon launched bin/obproxy since its start. More than one means that a probe failed.
launches=$home/log/obproxyd.launches

say() { echo "$1"; }

usage() {
    say "USAGE: obproxyd.sh -c start|stop|status|checkalive -e ENV [-n APP_NAME] [-i IDC] [-p PORT]"
    say "       [-u CONFIG_URL] [-r -t RS_LIST -s CLUSTER]    (a stand-in for tests)"
}

daemons() { ps -fC obproxyd.sh | grep -- '-c checkalive'; }

proxies() { ps -C obproxy | grep obproxy; }

# Without nc, no proxy is healthy, as in the real script.
healthy() { echo hi | nc 127.0.0.1 "$port" -w 2 >/dev/null 2>&1; }

check_folders() {
    if [ ! -f "$home/bin/obproxy" ]; then
        say "no $home/bin/obproxy file, please check it"
        exit 1
    fi
    if [ ! -e "$home/log" ]; then
        ln -fs /home/admin/logs/obproxy/log "$home/log"
    elif [ ! -w "$home/log" ]; then
        say "no $home/log dir or no permission, please check it"
        exit 1
    fi
}

check_options() {
    if [ -z "$environment" ]; then
        say "ENV is empty, please give it by -e"
        usage
        exit 255
    fi
    own_arguments=(-e "$environment")
    if [ "$root_server_mode" = true ]; then
        if [ -z "$cluster" ]; then say "ROOT_SERVER_CLUSTER_NAME not set"; exit 1; fi
        if [ -z "$root_servers" ]; then say "ROOT_SERVER_LIST not set"; exit 1; fi
        own_arguments+=(-r -t "$root_servers" -s "$cluster")
        mode=(-c "$cluster" -r "$root_servers" -o)
        first_option=obproxy_config_server_url=
    else
        say "obproxy config server url:$url"
        [ -z "$url" ] || own_arguments+=(-u "$url")
        mode=(-o)
        first_option=obproxy_config_server_url=$url
    fi
    if [ -z "$port" ]; then
        say "env OBPROXY_PORT not set, use default 2883"
        port=2883
    fi
    say "port is: $port"
    own_arguments+=(-p "$port")
    if [ -n "$app_name" ]; then
        say "app name is: $app_name"
        own_arguments+=(-n "$app_name")
        mode=(-n "$app_name" "${mode[@]}")
    else
        say "unknown app name"
    fi
    # As in the real script, OBPROXY_OPT_LOCAL must begin with a comma, and OBPROXY_EXTRA_OPT must not.
    more=$OBPROXY_OPT_LOCAL
    if [ -n "$idc" ]; then
        say "idc name is: $idc"
        own_arguments+=(-i "$idc")
        more=$more,proxy_idc_name=$idc
    else
        say "unknown idc name"
    fi
    if [ -n "$OBPROXY_EXTRA_OPT" ]; then
        say "obproxy OBPROXY_EXTRA_OPT: $OBPROXY_EXTRA_OPT"
        more=$more,$OBPROXY_EXTRA_OPT
    fi
    later_options=,enable_strict_kernel_release=false,enable_proxy_scramble=true,work_thread_num=${WORK_THREAD_NUM:-8}
    later_options+=,proxy_mem_limited=2G,log_dir_size_threshold=10G$more
}

start() {
    if [ -n "$(daemons)" ]; then
        say "obproxy already started"
        exit 0
    fi
    (nohup ./bin/obproxyd.sh -c checkalive "${own_arguments[@]}" >/dev/null 2>&1 &)
    say "obproxy started"
}

# Stop every process named obproxy on this host, wherever it comes from.
stop() {
    daemons | awk '{print $2}' | xargs -r kill -9
    proxies | awk '{print $1}' | xargs -r kill -15
    for _ in 1 2 3; do
        [ -n "$(proxies)" ] || break
        sleep 1
    done
    proxies | awk '{print $1}' | xargs -r kill -9
    say "obproxy stopped"
}

status() {
    if [ -n "$(proxies)" ]; then
        say "ObProxy is running ..."
    else
        say "ObProxy is stopped"
    fi
}

# As in the real script, a second proxy is started if the running one does not answer, and it exits when bind fails.
checkalive() {
    local options=$first_option$later_options count=0
    while true; do
        if [ -z "$(proxies)" ] || ! healthy; then
            "$home/bin/obproxy" -p "$port" "${mode[@]}" "$options"
            count=$((count + 1))
        fi
        # Written each time, since the proxy may not yet have created the target folder of the log link the first time.
        echo "$count" >"$launches"
        # Later launches read the settings of the first one from etc/.
        options=$first_option
        sleep 1
    done
}

while getopts c:n:i:ahp:e:t:rs:u: option; do
    case $option in
        c) command=$OPTARG ;;
        n) app_name=$OPTARG ;;
        i) idc=$OPTARG ;;
        a) ;;
        p) port=$OPTARG ;;
        e) environment=$OPTARG ;;
        t) root_servers=$OPTARG ;;
        r) root_server_mode=true ;;
        s) cluster=$OPTARG ;;
        u) url=$OPTARG ;;
        h) usage; exit 0 ;;
        *) say "Invalid parameter"; usage; exit 255 ;;
    esac
done

case $command in
    start) check_folders; check_options; start ;;
    stop) stop ;;
    status) status ;;
    checkalive) check_folders; check_options; checkalive ;;
    *) say "COMMAND not support: $command"; usage; exit 255 ;;
esac
