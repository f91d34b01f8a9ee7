# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The start of a proxy: the same checks in the same order as OBProxy, then its ports."""

import contextlib
import fcntl
import os
import re
import signal
import socket
import struct
import threading
import time
from urllib.request import urlopen

from . import faults, prometheus, server
from .catalogue import BadValue
from .logs import Log
from .settings import Settings, pairs_of

FOLDERS = ("etc", "log", ".conf", "control-config", "sharding-config")
ROOT_SERVERS = re.compile(r"(\d+\.){3}\d+:\d+(;(\d+\.){3}\d+:\d+)*;?\Z")
OLD_ENTERPRISE_KERNEL = re.compile(r"\.(el|alios)[567]")
SIOCGIFADDR = 0x8915


class CannotStart(Exception):
    """A failed start, with its log message and OBProxy's error number."""


def run(options, home, release):
    try:
        for folder in FOLDERS:
            # Also create the missing target of a link, such as the package's log.
            os.makedirs(os.path.realpath(os.path.join(home, folder)), exist_ok=True)
        log = Log(os.path.join(home, "log"), release)
    except OSError:
        return  # like OBProxy, exit silently if nothing can be written
    log.info("succ to init logger")
    log.info(release.title)
    try:
        settings = _configure(options, home, release, log)
        settings.save()
        time.sleep(faults.seconds("START_SECONDS", 0.3))
        _serve(settings, release, log)
    except CannotStart as error:
        if faults.switch("LOSES_LOG"):
            return
        log.error("{}(ret={})".format(*error.args))
        log.error(f"obproxy init failed(ret={error.args[1]})")
        log.verdict(succeeded=False)


def _configure(options, home, release, log):
    settings = Settings(home, release)
    settings.load()
    pairs = [
        (name, options[letter])
        for letter, name in (
            ("p", "listen_port"),
            ("l", "prometheus_listen_port"),
            ("n", "app_name"),
            ("c", "rootservice_cluster_name"),
            ("r", "rootservice_list"),
        )
        if letter in options
    ]
    try:
        settings.start_with(pairs_of(options.get("o", "")) + pairs)
    except BadValue as error:
        raise CannotStart(f"invalid config, value {error}", -4147) from None
    kernel = faults.switch("KERNEL") or os.uname().release
    if settings.enabled("enable_strict_kernel_release") and not OLD_ENTERPRISE_KERNEL.search(kernel):
        raise CannotStart(f"unknown kernel release {kernel}", -4016)
    if not settings["rootservice_list"] and not settings["obproxy_config_server_url"]:
        raise CannotStart("neither obproxy_config_server_url nor rootservice_list is set", -4147)
    if settings["rootservice_list"] and not ROOT_SERVERS.match(settings["rootservice_list"]):
        raise CannotStart("invalid rootservice_list {}".format(settings["rootservice_list"]), -4002)
    if not _own_addresses():
        raise CannotStart("fail to get local addr list through hostname and nic", -4016)
    if "e" in options and settings["obproxy_config_server_url"]:
        # OBProxy creates tables in an OceanBase cluster from the config server, and does not start without it.
        raise CannotStart("fail to execute config update sql", -4006)
    log.info("succ to load config, listen_port={}".format(settings["listen_port"]))
    return settings


def _serve(settings, release, log):
    if faults.switch("NEVER_LISTENS"):
        log.info("told to never listen")
        signal.pause()
    try:
        prometheus.start(settings.number("prometheus_listen_port"))
    except OSError as error:
        log.warn(f"fail to start prometheus, {error}")
    if settings["obproxy_config_server_url"]:
        url = settings["obproxy_config_server_url"]
        threading.Thread(target=_ask_config_server, args=(url, log), daemon=True).start()
    try:
        proxy = server.Server(settings, release, log)
    except OSError as error:
        raise CannotStart("fail to listen, 0.0.0.0:{}, {}".format(settings["listen_port"], error), -10098) from None
    signal.signal(signal.SIGTERM, lambda number, frame: _end(log, number))
    if faults.switch("DIES_AFTER"):
        timer = threading.Timer(faults.seconds("DIES_AFTER", 0), os._exit, [0])
        timer.daemon = True
        timer.start()
    log.info("obproxy start up successful and can provide normal service(is_service_started=true)")
    log.verdict(succeeded=True)
    proxy.serve_forever()


def _end(log, number):
    log.error(f"receive signal(sig={number})")
    time.sleep(1)  # the minimum that OBProxy takes
    os._exit(0)


def _own_addresses():
    """Return the IPv4 addresses of this host that others could reach."""
    found = set()
    with contextlib.suppress(OSError):  # a host name that does not resolve
        found.update(socket.gethostbyname_ex(socket.gethostname())[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(any_socket, SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:
                continue  # an interface without an IPv4 address
            found.add(socket.inet_ntoa(answer[20:24]))
    return {address for address in found if not address.startswith("127.")}


def _ask_config_server(url, log):
    """Send the two requests with which a proxy registers. It starts and runs even if they fail."""
    for question in (url + "&VersionOnly=true", url):
        try:
            with urlopen(question, timeout=5) as answer:
                log.info(f"config server answered {answer.status}")
        except (OSError, ValueError) as error:
            log.warn(f"fail to get config from config server, {error}")
