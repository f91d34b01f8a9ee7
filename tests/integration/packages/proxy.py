# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OBProxy, stand-in or real, that is installed, started and checked on a scratch host."""

import json
import subprocess
import sys
import time

from .scratch_host import ROOT

SUCCESS = "obproxy start up successful and can provide normal service"
ROOT_SERVERS = ["-p", "2883", "-n", "demo", "-c", "obcluster", "-r", "127.0.0.1:2881"]
OPTIONS = "obproxy_config_server_url=,enable_strict_kernel_release=false"


def facts(package, tags):
    command = ["rpm", "-qp", "--nosignature", "--queryformat", tags, str(package)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Proxy:
    def __init__(self, host, package, repository):
        self.host = host
        self.version, self.release = facts(package, "%{VERSION} %{RELEASE}").split()
        self.home = f"/opt/taobao/install/obproxy-{self.version}"
        base = [str(path) for name in ("base-system", "nmap-ncat") for path in repository.glob(name + "*.rpm")]
        host.check("rpm", "--install", "--nosignature", *base, str(package))
        self._packaged = []
        self._packaged = self.files()

    def start(self, *arguments, user="admin", environment=None):
        """Run bin/obproxy in its home, by default with arguments that make a proxy start."""
        chosen = arguments or (*ROOT_SERVERS, "-o", OPTIONS)
        return self.host.run("bin/obproxy", *chosen, user=user, folder=self.home, environment=environment)

    def obproxyd(self, *arguments, environment=None, user="admin"):
        return self.host.run("bin/obproxyd.sh", *arguments, user=user, folder=self.home, environment=environment)

    def start_by_obproxyd(self, *arguments, environment=None):
        mode = ["-r", "-t", "127.0.0.1:2881", "-s", "obcluster"]
        # The enterprise script refuses to start without -e. The public script has no such option.
        enterprise = self.host.run("grep", "-Eq", "getopts [a-z:]*e:", f"{self.home}/bin/obproxyd.sh").returncode == 0
        own = ["-e", "private"] if enterprise else []
        chosen = ["-c", "start", "-n", "demo", "-p", "2883", *mode, *own, *arguments]
        return self.obproxyd(*chosen, environment=environment)

    def processes(self):
        """Return the process ID, parent, user, name and arguments of each proxy on the host.

        Zombies are included, because the log of a real proxy is complete only when they are gone.
        """
        listing = self.host.run("ps", "-C", "obproxy", "-o", "pid=,ppid=,user=,comm=,args=").stdout
        rows = [line.split(None, 4) for line in listing.splitlines()]
        return [(int(row[0]), int(row[1]), *row[2:]) for row in rows]

    def ports(self):
        """Return every address and port with a listener."""
        listing = self.host.check("ss", "--listening", "--tcp", "--numeric", "--no-header")
        return sorted(line.split()[3] for line in listing.splitlines())

    def log(self, name="obproxy.log"):
        return self.host.read(f"{self.home}/log/{name}")

    def files(self):
        """Return the paths added to the home since the package was installed, folders with a trailing slash."""
        listing = self.host.shell(
            r"find -L . -mindepth 1 \( -path ./bin -o -path ./tools -o -path ./lib \) -prune -o"
            r" \( -type d -printf '%P/\n' -o -printf '%P\n' \)",
            folder=self.home,
        )
        return sorted(set(listing.split()) - set(self._packaged))

    def settle(self, seconds=60):
        """Wait until a start of bin/obproxy has succeeded or failed, and return whether a proxy serves."""
        return until(lambda: SUCCESS in self.log() or not self.processes(), seconds) and SUCCESS in self.log()

    def comes_up(self, seconds=60):
        """Return whether a proxy serves in time. After obproxyd.sh, it may take a while until a process exists."""
        return until(lambda: SUCCESS in self.log(), seconds)

    def reset(self):
        """Stop all proxies, and remove their settings and logs."""
        self.host.run("pkill", "-9", "-x", "obproxyd.sh")
        self.host.run("pkill", "-9", "-x", "obproxy")
        assert until(lambda: not self.processes() and not self.ports(), 30)
        # The log may be a link. Remove its target, which the next start creates again.
        self.host.shell('rm -rf .conf control-config etc sharding-config "$(readlink -f log)"', folder=self.home)

    def inside(self, module, *arguments):
        """Run a module of these tests on the host, where the ports are, and return the JSON that it prints."""
        command = [sys.executable, "-m", f"tests.integration.packages.{module}", *arguments]
        return json.loads(self.host.check(*command, folder=str(ROOT)))

    def query(self, statement, password="", user="root@proxysys"):
        """Return the rows that PyMySQL gets for a statement, or the name and text of its error."""
        return self.inside("client", user, password, statement)


def until(condition, seconds):
    """Wait until a condition is true, and return whether it became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())
