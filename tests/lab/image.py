# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of the hosts: systemd, sshd, rpm, dnf and Python, from Debian packages or on top of a user's image."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tempfile

from .places import CHECKOUT, PREFIX, LabError, lock
from .podman import as_root, podman

#: The packages of a host before the role runs. nc and the user admin are missing, since the role adds them.
INCLUDE = (
    "systemd,systemd-sysv,dbus,openssh-server,sudo,acl,python3,python3-apt,ca-certificates,"
    "rpm,dnf,procps,iproute2,passwd,hostname"
)
#: Documentation and translations make up half of the image's files.
LEAVE_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
#: Each host generates its host key when it first starts, as on Enterprise Linux; the image has none. Generating an RSA
#: key as well would take longer than the rest of the start.
MAKE_KEY = '/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
SSHD_KEYS = f"[Service]\\nExecStartPre=\\nExecStartPre=-{MAKE_KEY}\\nExecStartPre=/usr/sbin/sshd -t\\n"
#: Systemd in a container does not always notice that the last process of a unit has ended. Each stop then waits for
#: this timeout, although nothing is left to stop. The default is 90 s.
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
    # dnf needs the release of Enterprise Linux, which Debian does not provide.
    'mkdir -p "$1"/etc/yum.repos.d "$1"/etc/dnf/vars && echo 7 > "$1"/etc/dnf/vars/releasever',
    # A container has no kernel and no consoles of its own.
    'chroot "$1" systemctl --quiet mask getty.target console-getty.service systemd-logind.service',
)
#: For base images such as those of Enterprise Linux. Only missing packages are installed.
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
    """Return the Debian or Ubuntu release to build from: LAB_SUITE, else the machine's own, else Debian 12."""
    try:
        machine = platform.freedesktop_os_release()
    except OSError:
        machine = {}
    ours = machine.get("VERSION_CODENAME", "") if machine.get("ID") in ("debian", "ubuntu") else ""
    return os.environ.get("LAB_SUITE") or ours or "bookworm"


def recipe() -> list[str]:
    """Return everything that the image depends on."""
    base = os.environ.get("LAB_IMAGE", "")
    if base:
        return ["image", from_base(base)]
    return ["packages", suite(), os.environ.get("LAB_MIRROR", ""), INCLUDE, *LEAVE_OUT, *TIDY]


def name() -> str:
    """Return the image's name, which contains a hash of the recipe."""
    return f"localhost/{PREFIX}:{hashlib.sha256(repr(recipe()).encode()).hexdigest()[:12]}"


def ensure() -> str:
    """Build the image unless it exists; return its name."""
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
            podman("rmi", identity, check=False)  # an image used by a running host is kept until the next build
    return image


def from_base(base: str) -> str:
    """Return the Containerfile for a user's base image."""
    return CONTAINERFILE.format(base=base, stops_soon=STOPS_SOON.format(root=""))


def mmdebstrap() -> list[str]:
    """Return the command that writes the image's file system as a tar stream."""
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=tar", f"--include={INCLUDE}"]
    command += ['--aptopt=Acquire::Languages "none"', '--aptopt=APT::Install-Recommends "false"']
    command += ["--dpkgopt=force-unsafe-io", *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEAVE_OUT)]
    command += [f"--customize-hook={hook}" for hook in TIDY]
    if platform.freedesktop_os_release().get("ID") == "ubuntu":
        command += ["--components=main,universe"]
    mirror = os.environ.get("LAB_MIRROR")
    return [*command, suite(), "-", *([mirror] if mirror else [])]


def from_packages(image: str) -> None:
    """Build the image from the distribution's packages, streamed to podman without an intermediate file."""
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
