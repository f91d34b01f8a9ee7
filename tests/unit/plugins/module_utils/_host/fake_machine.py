# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that only records calls, for tests of starts and upgrades."""

from ansible_collections.obops.oceanbase.plugins.module_utils._host.launch import LaunchError
from ansible_collections.obops.oceanbase.plugins.module_utils._host.mysql import AccessDenied

OLD = "/opt/taobao/install/obproxy-1.9.1.1"
NEW = "/opt/taobao/install/obproxy-4.2.3.0"
OWN = "prometheus_listen_port=2884"
READY = {"ready": True, "pid": 7, "message": "process 7 answers on port 2883", "logs": []}


def row(name, value, level="USER"):
    return {"name": name, "value": value, "info": "", "need_reboot": "false", "visible_level": level}


class FakeMachine:
    def __init__(self):
        self.done = []
        self.time = 1000.0
        # By installation: whether its proxy is running at first, and its readiness after a launch.
        self.runs = {OLD: True}
        self.ready = {}
        self.arguments = ["-p", "2883", "-o", "obproxy_config_server_url=," + OWN]
        self.answers_from = None
        self.tables = {}
        self.denied = False
        self.saved_settings = {OLD: {}, NEW: {}}
        self.saved_homes = {OLD}
        self.launch_error = None
        self.script = ""

    def clock(self):
        self.time += 1
        return self.time

    now = clock

    def is_saved(self, home):
        return home in self.saved_homes

    def forget_saved(self, home):
        self.done.append(("forget saved", home))

    def forget_next_start(self, home):
        self.done.append(("forget next start", home))

    def write_saved(self, home, settings):
        self.done.append(("write saved", home, settings))

    def write_next_start(self, home, how, options):
        self.done.append(("next start", home, how, options))

    def read_saved(self, home):
        return self.saved_settings[home]

    def saved(self, pid):
        return self.saved_settings[NEW]

    def script_text(self, home):
        return self.script

    def systemctl(self, verb, unit):
        self.done.append(("systemctl", verb, unit))
        if verb == "start":
            self.launched = NEW

    def launch(self, home):
        self.done.append(("launch", home))
        self.launched = home
        if self.launch_error:
            raise LaunchError(self.launch_error)

    def wait(self, home, timeout, since):
        assert since <= self.time
        return self.ready.get(home, READY)

    def stop(self, home):
        self.done.append(("stop", home))
        return []

    def link(self, home):
        self.done.append(("link", home))

    def drain(self, timeout):
        self.done.append(("drain", timeout))
        return 3

    def logs(self, home, since):
        return [{"path": home + "/log/obproxy.log", "lines": ["first launch: invalid config"]}]

    def listener_of(self, home):
        return 5 if self.runs.get(home) else None

    def process(self, pid):
        return (OLD if pid == 5 else self.answers_from or self.launched), self.arguments

    def query(self, pid, statement):
        if self.denied:
            raise AccessDenied("error 1045: Access denied", 1045)
        return self.tables.get((pid, statement), [])
