# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A disposable host, with this machine's files under a temporary layer and with its own processes and network.

Packages are installed with their real paths and owners, and commands that kill proxies by name affect only this host.
The host consists of Linux namespaces and an overlay. It starts in a tenth of a second and needs no image or podman.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ADDRESS = "10.99.0.2"
ROOT = pathlib.Path(__file__).resolve().parents[3]
NEEDS = ["unshare", "nsenter", "setpriv", "ip", "rpm"]

# Init ends when its input ends. While it reads, bash reaps orphaned processes.
INIT = """
set -e
layer=$1 address=$2; shift 2
mount -t tmpfs tmpfs "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/host"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/host"
mount -t proc proc "$layer/host/proc"
mount --rbind /dev "$layer/host/dev"
mount --rbind /sys "$layer/host/sys"
for folder in "$@"; do
    mkdir -p "$layer/host$folder"
    mount --bind "$folder" "$layer/host$folder"
done
ip link set lo up
if [ -n "$address" ]; then
    ip link add eth0 type veth peer name eth1
    ip address add "$address/24" dev eth0
    ip link set eth0 up
    ip link set eth1 up
fi
exec chroot "$layer/host" bash -c 'echo ready; while read -r _; do :; done'
"""


def missing():
    """Return why a scratch host is not possible here, or an empty string."""
    absent = [tool for tool in NEEDS if not shutil.which(tool)]
    if absent:
        return "a scratch host needs {}".format(", ".join(absent))
    return "" if os.geteuid() == 0 else "a scratch host needs root"


class ScratchHost:
    def __init__(self, *folders, address=ADDRESS):
        """`folders` are folders of this machine that the host shows, in addition to the checkout and Python."""
        own = [ROOT, pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)]
        self._folders = [str(folder) for folder in dict.fromkeys([*own, *folders]) if str(folder) != "/usr"]
        self._address = address

    def __enter__(self):
        self._layer = tempfile.mkdtemp(prefix="scratch-host-")
        command = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child"]
        command += ["bash", "-c", INIT, "init", self._layer, self._address, *self._folders]
        self._unshare = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._unshare.stdout.readline() != "ready\n":
            self.__exit__()
            raise RuntimeError("no scratch host: see what its init printed")
        children = subprocess.run(
            ["ps", "--ppid", str(self._unshare.pid), "-o", "pid="], capture_output=True, text=True, check=True
        )
        self._init = children.stdout.strip()
        return self

    def __exit__(self, *ignored):
        # Killing unshare also kills its child, and with it all processes of the namespace.
        self._unshare.kill()
        self._unshare.communicate()
        os.rmdir(self._layer)

    def run(self, *command, user="root", folder="/", environment=None, timeout=60):
        """Run a command on the host, and return its result, whatever its exit code."""
        enter = ["nsenter", "--target", self._init, "--mount", "--pid", "--net"]
        enter += ["chroot", f"{self._layer}/host"]
        # A shell on the host changes to the folder, because nsenter would use that of the machine outside.
        go = ["bash", "-c", 'cd "$0" && exec "$@"', folder]
        if user != "root":
            go += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "env", f"HOME=/home/{user}"]
        return subprocess.run(
            [*enter, *go, *command],
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", **(environment or {})},
        )

    def check(self, *command, **more):
        """Run a command that must succeed, and return its output."""
        result = self.run(*command, **more)
        assert result.returncode == 0, (command, result.stdout, result.stderr)
        return result.stdout

    def shell(self, script, **more):
        return self.check("bash", "-ec", script, **more)

    def read(self, path):
        result = self.run("cat", path)
        return result.stdout if result.returncode == 0 else ""
