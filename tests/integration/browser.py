# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A headless Chromium without a network, controlled through chromedriver (https://www.w3.org/TR/webdriver/)."""

import base64
import re
import shutil
import subprocess
from contextlib import contextmanager

import requests

FLAGS = [
    "headless",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "host-resolver-rules=MAP * ~NOTFOUND",
]


def missing():
    """Return the programs that the browser needs and this machine lacks."""
    return [name for name in ("chromium", "chromedriver") if not shutil.which(name)]


class Browser:
    def __init__(self, driver):
        self.driver = driver

    def call(self, command, **body):
        answer = requests.post(f"{self.driver}/{command}", json=body, timeout=60).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def open(self, file):
        self.call("url", url=file.as_uri())

    def resize(self, width, height=900):
        """Resize the viewport. Unlike a window, it can be as narrow as a phone."""
        self._devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def run(self, script):
        return self.call("execute/sync", script=script, args=[])

    def picture(self):
        return base64.b64decode(self._devtools("Page.captureScreenshot", format="png")["data"])

    def _devtools(self, command, **params):
        return self.call("goog/cdp/execute", cmd=command, params=params)


@contextmanager
def started(profile):
    """Run a browser within a `with` block. `profile` is a new empty folder."""
    driver = subprocess.Popen(
        ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = next(found[1] for line in driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
        sessions = f"http://127.0.0.1:{port}/session"
        options = {"args": [*FLAGS, f"user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        answer = requests.post(sessions, json=wanted, timeout=60).json()["value"]
        assert "sessionId" in answer, answer
        session = f"{sessions}/{answer['sessionId']}"
        try:
            yield Browser(session)
        finally:
            requests.delete(session, timeout=60)
    finally:
        driver.terminate()
        driver.wait()
        driver.stdout.close()
