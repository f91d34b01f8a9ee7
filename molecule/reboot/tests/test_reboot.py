# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After the restart of the host, systemd has started the proxy exactly once."""

from __future__ import annotations

import time


def test_the_host_has_restarted(host):
    assert host.file("/run/before-the-restart").exists is False


def test_systemd_has_started_the_proxy(host):
    assert host.service("obproxy").is_enabled
    assert host.service("obproxy").is_running


def test_one_proxy_answers_and_one_daemon_watches_it(host):
    limit = time.monotonic() + 30
    # The daemon starts as soon as the proxy, started from its saved settings, answers.
    while host.run("pgrep -x obproxyd.sh").rc != 0 and time.monotonic() < limit:
        time.sleep(0.5)
    assert host.socket("tcp://0.0.0.0:2883").is_listening
    assert len(host.check_output("pgrep -x obproxy").split()) == 1
    main = host.check_output("systemctl show -p MainPID --value obproxy")
    assert host.check_output("ps -o user=,args= -p %s", main).startswith("admin")
    assert "obproxyd.sh -c checkalive" in host.check_output("ps -o args= -p %s", main)
