# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The start of an installed proxy: it comes up, or the role reports why not and leaves no process that keeps trying."""

import time

from .hosts import HOME, wait_for


def test_the_config_url_is_passed_on_unchanged(stopped_host):
    url = "http://10.1.1.1:8080/services?Action=GetObProxyConfig&User_ID=alibaba&UID=x&ObproxyClusterName=demo"
    stopped_host.role(
        obproxy_rs_list=[],
        obproxy_ob_cluster="",
        obproxy_config_url=url,
        obproxy_app_name="demo",
        obproxy_sql_port=3883,
        obproxy_exporter_port=3884,
        obproxy_extra_options={"proxy_mem_limited": "3G", "enable_client_ssl": True},
    ).ok()
    (proxy,) = (process for process in stopped_host.info(sql_port=3883)["processes"] if process["kind"] == "proxy")
    assert (proxy["start_mode"], proxy["app_name"], proxy["ports"]) == ("config_url", "demo", [3883, 3884])
    line = stopped_host.run(f"tr '\\0' ' ' < /proc/{proxy['pid']}/cmdline")
    assert f"obproxy_config_server_url={url}," in line
    assert "proxy_mem_limited=3G" in line
    assert "enable_client_ssl=true" in line


def test_a_slow_start_is_waited_for(stopped_host):
    stopped_host.switch(START_SECONDS=6)
    stopped_host.role().ok()
    assert stopped_host.info()["readiness"]["ready"]


def test_a_proxy_started_by_hand_is_left_alone_and_needs_no_start_mode(stopped_host):
    stopped_host.run(
        f"cd {HOME}; runuser -u admin -- ./bin/obproxy -p 2883 -n mine -r 10.1.1.1:2881 -c ob"
        " -o enable_strict_kernel_release=false"
    )
    wait_for(lambda: stopped_host.info()["readiness"]["ready"])
    before = stopped_host.processes()
    stopped_host.role(obproxy_rs_list=[], obproxy_ob_cluster="").ok()
    assert stopped_host.processes() == before


def test_a_proxy_that_never_listens_fails_at_the_limit_and_is_stopped(stopped_host):
    stopped_host.switch(NEVER_LISTENS=1)
    message = stopped_host.role(obproxy_start_timeout=6).message()
    assert "OBProxy was not started: nothing listens on port 2883 after 6 s" in message
    assert f"From {HOME}/log/obproxy.log:" in message
    assert "told to never listen" in message
    assert "It has been stopped again" in message
    wait_for(lambda: stopped_host.processes() == [])


def test_a_restart_loop_ends_the_wait_long_before_the_limit_and_a_fixed_cause_lets_the_next_run_through(stopped_host):
    started = time.monotonic()
    message = stopped_host.role(obproxy_start_timeout=1200, obproxy_extra_options={"proxy_mem_limited": "1M"}).message()
    assert time.monotonic() - started < 600
    assert "obproxyd.sh keeps restarting the proxy" in message
    assert "invalid config, value 1M" in message
    assert "unknown kernel" not in message
    wait_for(lambda: stopped_host.processes() == [])
    stopped_host.role().ok()


def test_a_proxy_that_dies_again_and_again_does_not_count_as_ready(stopped_host):
    stopped_host.switch(DIES_AFTER=0.4)
    assert "keeps restarting the proxy" in stopped_host.role(obproxy_start_timeout=60).message()
    wait_for(lambda: stopped_host.processes() == [])


def test_a_script_that_refuses_to_start_is_quoted(stopped_host):
    message = stopped_host.role(obproxy_environment="").message()
    assert f"{HOME}/bin/obproxyd.sh could not start OBProxy: exit code 255: ENV is empty" in message
    assert "obproxy_environment is ''" in message


def test_a_script_that_cannot_be_executed_is_not_blamed_on_the_environment(stopped_host):
    stopped_host.run(f"chmod -x {HOME}/bin/obproxyd.sh")
    try:
        message = stopped_host.role().message()
    finally:
        stopped_host.run(f"chmod +x {HOME}/bin/obproxyd.sh")
    assert "bin/obproxyd.sh: Permission denied" in message
    assert "mount options" in message
    assert "obproxy_environment" not in message


def test_the_umask_and_the_limits_of_the_session_do_not_reach_the_proxy(stopped_host):
    stopped_host.run("echo 'umask 0077; ulimit -Sn 1024' > /etc/profile.d/session.sh; cp ~/.bashrc ~/.bashrc.before")
    stopped_host.run("sed -i '1i umask 0077; ulimit -Sn 1024' ~/.bashrc")
    try:
        stopped_host.role().ok()
    finally:
        stopped_host.run("mv ~/.bashrc.before ~/.bashrc; rm /etc/profile.d/session.sh")
    for pid in stopped_host.pids() + stopped_host.pids("obproxyd.sh"):
        assert stopped_host.run(f"grep Umask /proc/{pid}/status").split() == ["Umask:", "0022"]
        soft, hard = stopped_host.run(f"grep 'open files' /proc/{pid}/limits").split()[3:5]
        assert soft == ("655350" if int(hard) >= 655350 else hard)


def test_an_option_that_the_first_launch_refuses_is_noticed_although_the_second_lives(stopped_host):
    stopped_host.switch(KERNEL="3.10.0-1160.el7.x86_64")
    message = stopped_host.role(obproxy_extra_options={"proxy_mem_limited": "1M"}).message()
    assert "answers but is not the wanted one" in message
    assert "proxy_mem_limited is '2G', wanted '1M'" in message
    assert "invalid config, value 1M" in message
    wait_for(lambda: stopped_host.processes() == [])
    stopped_host.role().ok()
    line = stopped_host.run(f"tr '\\0' ' ' < /proc/{stopped_host.pids()[0]}/cmdline")
    assert "log_dir_size_threshold=10G" in line, "the next start has to be a first launch again"


def test_settings_changed_at_run_time_survive_a_restart(stopped_host):
    stopped_host.role(obproxy_proxysys_password="geheim").ok()
    settings = {"proxy_mem_limited": "3G", "syslog_level": "INFO"}
    stopped_host.module("obproxy_config", settings=settings, login_password="geheim")
    stopped_host.run("pkill -9 -x obproxyd.sh; pkill -9 -x obproxy; sleep 0.5")
    stopped_host.role(obproxy_proxysys_password="geheim").ok()
    assert stopped_host.module("obproxy_config", settings=settings, login_password="geheim")["changed"] is False
    assert len(stopped_host.pids()) == len(stopped_host.pids("obproxyd.sh")) == 1


def test_a_dead_process_that_nobody_has_reaped_does_not_prevent_a_start(stopped_host):
    """An example is an obproxyd.sh whose parent, an agent or a container's first process, does not wait for it."""
    dead = "import subprocess, time; kept = subprocess.Popen(['/srv/obproxyd.sh']); time.sleep(300)"
    stopped_host.run(f'cp /bin/true /srv/obproxyd.sh; setsid python3 -c "{dead}" > /dev/null 2>&1 < /dev/null &')
    wait_for(lambda: "Z" in stopped_host.run("ps -C obproxyd.sh -o stat= || true"))
    stopped_host.role().ok()
    assert len(stopped_host.pids()) == 1


def test_only_log_lines_since_the_start_are_shown_or_that_there_are_none(stopped_host):
    stopped_host.run(
        f"mkdir -p {HOME}/log; echo '[2026-01-01 10:00:00.000000] EDIAG [PROXY] x [1][Y0] an old failure' >"
        f" {HOME}/log/obproxy.log; chown -R admin {HOME}/log/"
    )
    stopped_host.switch(LOSES_LOG=1)
    message = stopped_host.role(obproxy_extra_options={"proxy_mem_limited": "1M"}).message()
    assert "an old failure" not in message


def test_a_config_url_that_cannot_be_reached_is_reported(stopped_host):
    run = stopped_host.role(
        obproxy_rs_list=[], obproxy_ob_cluster="", obproxy_config_url="http://127.0.0.1:1/x?ObproxyClusterName=demo"
    ).ok()
    assert "the config URL cannot be read from this host" in " ".join(run.output.split())
    assert "error 4669" in " ".join(run.output.split())
