# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts' image: systemd, sshd, rpm, dnf and Python, from Debian's packages or upon an image of the user's."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tempfile

from .places import CHECKOUT, PREFIX, LabError, lock
from .podman import as_root, podman

#: What an OBProxy's host has before anybody comes. No nc and no user admin: to bring them is the role's work.
INCLUDE = (
    "systemd,systemd-sysv,dbus,openssh-server,sudo,acl,python3,python3-apt,ca-certificates,"
    "rpm,dnf,procps,iproute2,passwd,hostname"
)
#: Documents and translations are half of the image's files.
LEAVE_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
#: Each host makes a host key of its own when it first starts, as Enterprise Linux does; the image has none. An RSA key
#: too would cost a host more than the rest of its start.
MAKE_KEY = '/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
SSHD_KEYS = f"[Service]\\nExecStartPre=\\nExecStartPre=-{MAKE_KEY}\\nExecStartPre=/usr/sbin/sshd -t\\n"
#: Systemd in a container is not always told when a unit's last process has ended, and then waits for that long at each
#: stop, with nothing left to be stopped: 90 s by default.
STOPS_SOON = (
    "mkdir -p {root}/etc/systemd/system.conf.d && "
    "printf '[Manager]\\nDefaultTimeoutStopSec=5s\\n' > {root}/etc/systemd/system.conf.d/stops.conf"
)
TIDY = (
    'rm -f "$1"/etc/ssh/ssh_host_*',
    'mkdir -p "$1"/etc/systemd/system/ssh.service.d',
    f"printf '{SSHD_KEYS}' > \"$1\"/etc/systemd/system/ssh.service.d/keys.conf",
    STOPS_SOON.format(root='"$1"'),
    'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin',
    # The release that dnf asks for is Enterprise Linux's; Debian has none to tell.
    'mkdir -p "$1"/etc/yum.repos.d "$1"/etc/dnf/vars && echo 7 > "$1"/etc/dnf/vars/releasever',
    # A container has no kernel and no consoles of its own to look after.
    'chroot "$1" systemctl --quiet mask getty.target console-getty.service systemd-logind.service',
)
#: For an image such as those of Enterprise Linux: what is missing is installed, what is there is left alone.
CONTAINERFILE = """\
FROM {base}
RUN command -v sshd >/dev/null || test -x /usr/sbin/sshd && command -v python3 && command -v ip && command -v ps && \\
    test -x /sbin/init || dnf -y install systemd openssh-server sudo acl python3 dnf procps-ng iproute hostname
RUN rm -f /etc/ssh/ssh_host_* && mkdir -p /etc/yum.repos.d && \\
    sed -i 's/^session *required *pam_loginuid.so/session optional pam_loginuid.so/' /etc/pam.d/* && \\
    (systemctl enable sshd.service || systemctl enable ssh.service)
RUN {stops_soon}
"""


def suite() -> str:
    """The Debian or Ubuntu release to build from: LAB_SUITE, else the machine's own, else Debian 12."""
    try:
        machine = platform.freedesktop_os_release()
    except OSError:
        machine = {}
    ours = machine.get("VERSION_CODENAME", "") if machine.get("ID") in ("debian", "ubuntu") else ""
    return os.environ.get("LAB_SUITE") or ours or "bookworm"


def recipe() -> list[str]:
    """Everything the image depends upon."""
    base = os.environ.get("LAB_IMAGE", "")
    if base:
        return ["image", from_base(base)]
    return ["packages", suite(), os.environ.get("LAB_MIRROR", ""), INCLUDE, *LEAVE_OUT, *TIDY]


def name() -> str:
    """The image's name: another recipe is another image."""
    return f"localhost/{PREFIX}:{hashlib.sha256(repr(recipe()).encode()).hexdigest()[:12]}"


def ensure() -> str:
    """Build the image unless it is there; return its name."""
    image = name()
    with lock("image"):
        if podman("images", "--quiet", image).strip():
            return image
        old = podman("images", "--quiet", "--filter", f"label=obproxy-lab={CHECKOUT}").split()
        base = os.environ.get("LAB_IMAGE", "")
        if base:
            print(f"lab: making the hosts' image from {base}", file=sys.stderr)
            podman("build", "--quiet", "--label", f"obproxy-lab={CHECKOUT}", "--tag", image, "-", text=from_base(base))
        else:
            print(f"lab: making the hosts' image from packages of {suite()}, about a minute", file=sys.stderr)
            from_packages(image)
        for identity in old:
            podman("rmi", identity, check=False)  # one in use by a running host stays until the next time
    return image


def from_base(base: str) -> str:
    """The Containerfile upon a user's image."""
    return CONTAINERFILE.format(base=base, stops_soon=STOPS_SOON.format(root=""))


def mmdebstrap() -> list[str]:
    """The command that writes the image's file system as a tar stream."""
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=tar", f"--include={INCLUDE}"]
    command += ['--aptopt=Acquire::Languages "none"', '--aptopt=APT::Install-Recommends "false"']
    command += ["--dpkgopt=force-unsafe-io", *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEAVE_OUT)]
    command += [f"--customize-hook={hook}" for hook in TIDY]
    if platform.freedesktop_os_release().get("ID") == "ubuntu":
        command += ["--components=main,universe"]
    mirror = os.environ.get("LAB_MIRROR")
    return [*command, suite(), "-", *([mirror] if mirror else [])]


def from_packages(image: str) -> None:
    """Build from the distribution's packages and import, without a file in between."""
    labels = ("--change", f"LABEL obproxy-lab={CHECKOUT}", "--change", 'CMD ["/sbin/init"]')
    command = as_root("podman", "import", "--quiet", *labels, "-", image)
    with tempfile.TemporaryFile("w+") as words:
        build = subprocess.Popen(as_root(*mmdebstrap()), stdout=subprocess.PIPE, stderr=words)
        imported = subprocess.run(command, stdin=build.stdout, capture_output=True, text=True, check=False)
        if build.stdout:
            build.stdout.close()
        if build.wait() or imported.returncode:
            podman("rmi", image, check=False)
            words.seek(0)
            raise LabError(f"The hosts' image could not be built:\n{words.read()}{imported.stderr}")


def remove() -> None:
    """Remove every image of this checkout."""
    for identity in podman("images", "--quiet", "--filter", f"label=obproxy-lab={CHECKOUT}").split():
        podman("rmi", "--force", identity, check=False)
