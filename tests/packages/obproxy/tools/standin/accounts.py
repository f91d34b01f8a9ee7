# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins: the proxy's own two users, and the check of their passwords."""

import hashlib
import ipaddress
import struct

CONNECT_WITH_DB = 0x8
SECURE_CONNECTION = 0x8000
LENGTH_ENCODED_AUTH = 0x200000
# The addresses from which the proxy's own users may log in, unless skip_proxy_sys_private_check is true. Seen on 4.2.3.
NEARBY = [ipaddress.ip_network(network) for network in ("127.0.0.1/32", "192.168.0.0/16")]
OWN_PASSWORDS = {"root": "obproxy_sys_password", "inspector": "inspector_password"}


class NotOurs(Exception):
    """The user belongs to a tenant, so an observer decides."""


class NoSuchCluster(Exception):
    pass


class Login:
    """The data in a client's handshake response."""

    def __init__(self, payload, address):
        self.address = address
        capabilities = struct.unpack_from("<I", payload)[0]
        name, rest = payload[32:].split(b"\0", 1)
        self.name = name.decode()
        if capabilities & (SECURE_CONNECTION | LENGTH_ENCODED_AUTH):
            self.proof = rest[1 : 1 + rest[0]]
        else:
            self.proof = rest.split(b"\0", 1)[0]
        self.account, _, self.cluster = self.name.partition("#")

    @property
    def denial(self):
        return "Access denied for user '{}'@'{}' (using password: {})".format(
            self.name, self.address, "YES" if self.proof else "NO"
        )


def check(login, salt, settings):
    """Return whether the proxy accepts the login. Raise an exception for users that are not its own."""
    user, _, tenant = login.account.partition("@")
    if tenant != "proxysys" or user not in OWN_PASSWORDS:
        # With a config server, the clusters would come from there, and the root servers of -r are ignored.
        known = "" if settings["obproxy_config_server_url"] else settings["rootservice_cluster_name"]
        if not known or login.cluster not in ("", known):
            raise NoSuchCluster
        raise NotOurs
    nearby = any(ipaddress.ip_address(login.address) in network for network in NEARBY)
    if not nearby and not settings.enabled("skip_proxy_sys_private_check"):
        return False
    try:
        stored = bytes.fromhex(settings[OWN_PASSWORDS[user]])
    except ValueError:
        return False  # a plain-text password in -o locks its user out
    if user == "inspector" and not stored:
        return False
    return login.proof == (_proof(stored, salt) if stored else b"")


def _proof(once_hashed, salt):
    """Return the proof of mysql_native_password: the hashed password XOR a hash of the salt and its second hash."""
    mask = hashlib.sha1(salt + hashlib.sha1(once_hashed).digest()).digest()
    return bytes(a ^ b for a, b in zip(once_hashed, mask))
