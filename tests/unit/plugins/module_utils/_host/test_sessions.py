# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.obops.oceanbase.plugins.module_utils._host import sessions

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0B43 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 1 1
   1: 0A01590A:0B43 0101590A:C001 01 00000000:00000000 00:00000000 00000000  1001        0 2 1
   2: 0A01590A:0B43 0101590A:C002 06 00000000:00000000 00:00000000 00000000     0        0 0 3
   3: 0A01590A:C003 0101590A:0B43 01 00000000:00000000 00:00000000 00000000  1001        0 4 1
"""


def test_only_established_connections_to_the_port_are_sessions(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TABLE)
    assert sessions.count(2883, str(tmp_path)) == 1
    (tmp_path / "net" / "tcp6").write_text(TABLE)
    assert sessions.count(2883, str(tmp_path)) == 2
    assert sessions.count(2881, str(tmp_path)) == 0


class Clock:
    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


def test_a_drain_ends_with_the_last_client():
    clock = Clock()
    left = sessions.drain(lambda: 2 if clock() < 3 else 0, 60, clock, clock.sleep, 0.5)
    assert (left, clock()) == (0, 3.0)


def test_a_drain_ends_with_its_time_and_names_those_that_are_left():
    clock = Clock()
    assert sessions.drain(lambda: 2, 10, clock, clock.sleep, 0.5) == 2
    assert clock() == 10.0


def test_without_a_timeout_the_upgrade_does_not_wait_for_clients():
    clock = Clock()
    assert sessions.drain(lambda: 2, 0, clock, clock.sleep, 0.5) == 2
    assert clock() == 0.0
