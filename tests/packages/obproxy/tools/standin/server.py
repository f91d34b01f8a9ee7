# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SQL port: each connection consists of a greeting, a login and commands."""

import itertools
import random
import socket
import socketserver
import string
import time

from . import faults, wire
from .accounts import Login, NoSuchCluster, NotOurs, check
from .commands import Closed, Commands


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, settings, release, log):
        self.settings, self.release, self.log = settings, release, log
        self.numbers = itertools.count(1)
        super().__init__(("0.0.0.0", settings.number("listen_port")), Connection)

    def handle_error(self, request, client_address):
        self.log.warn(f"connection from {client_address} broke")


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        number = next(self.server.numbers)
        channel = wire.Channel(self.request)
        salt = self._salt()
        release, settings = self.server.release, self.server.settings
        greeting = wire.greeting(settings["mysql_version"], number, salt, release.capabilities, release.charset)
        try:
            channel.send(greeting, sequence=0)
            if self._logged_in(channel, salt):
                self._converse(channel, number)
        except (wire.Gone, OSError):
            pass  # the client disconnected, as nc does after the greeting

    def _salt(self):
        if not self.server.settings.enabled("enable_proxy_scramble"):
            return b"aaaaaaaabbbbbbbbbbbb"
        return "".join(random.choice(string.ascii_letters + string.digits) for _ in range(20)).encode()

    def _logged_in(self, channel, salt):
        login = Login(channel.receive(), self.client_address[0])
        try:
            allowed = check(login, salt, self.server.settings)
        except NoSuchCluster:
            channel.send(wire.error(4669, "HY000", "cluster not exist"))
            return False
        except NotOurs:
            if login.name:
                self._pass_on()
            return False
        if faults.switch("REFUSES_LOGIN"):
            allowed = False
        channel.send(wire.OK if allowed else wire.error(1045, "42000", login.denial))
        return allowed

    def _pass_on(self):
        """Handle a tenant's login. A stand-in has no OceanBase, so the login ends as if no observer were reachable."""
        for server in filter(None, self.server.settings["rootservice_list"].split(";")):
            host, port = server.rsplit(":", 1)
            try:
                socket.create_connection((host, int(port)), timeout=5).close()
            except OSError:
                continue
        time.sleep(1)

    def _converse(self, channel, number):
        commands = Commands(self.server.settings, self.server.release, number, self.request)
        while True:
            try:
                answer = commands.answer(channel.receive())
            except Closed as last:
                for packet in last.packets:
                    channel.send(packet)
                return
            for packet in answer:
                channel.send(packet)
