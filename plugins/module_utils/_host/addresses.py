# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses at which others could reach this host. Without any, a proxy exits at startup.

They come from the network devices and the host's name. A proxy needs one IPv4 address other than 127.x from either:
version 4.2.3 starts if the name resolves to 127.0.0.1 and a device has another address, and the other way round.
"""

import fcntl
import socket
import struct
from typing import Iterable, List

SIOCGIFADDR = 0x8915


def find_addresses() -> List[str]:
    """IPv4 addresses other than 127.x, sorted. The host's name is resolved only if no device has one."""
    return _reachable(of_devices()) or _reachable(of_name(socket.gethostname()))


def of_devices() -> List[str]:
    """Each network device's address."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(any_socket, SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:
                # A device without an IPv4 address.
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


def of_name(name: str) -> List[str]:
    """The addresses that the name resolves to, if any."""
    try:
        return socket.gethostbyname_ex(name)[2]
    except OSError:
        return []


def _reachable(addresses: Iterable[str]) -> List[str]:
    return sorted({address for address in addresses if not address.startswith("127.")})
