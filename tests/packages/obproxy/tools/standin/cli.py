# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: its options and messages, and the fork before any work."""

import getopt
import os
import sys

from . import release as releases
from . import startup

LONG = {
    "help": "h",
    "listen_port=": "p",
    "promethues_listen_port=": "l",
    "optstr=": "o",
    "appname=": "n",
    "rs_list=": "r",
    "cluster_name=": "c",
    "dump_config_sql": "d",
    "execute_config_sql": "e",
    "nodaemon": "N",
    "version": "V",
    "releaseid": "R",
    "regression_test=": "t",
}
PORTS = {"p": "listen port", "l": "prometheus listen port"}
ECHOES = {
    "p": "listen port: {}",
    "l": "prometheus listen port: {}",
    "n": "appname: {}",
    "c": "cluster_name: {}",
    "r": "rs list: {}",
    "o": "optstr: {}",
    "e": "e: execute config update sql",
}
USAGE = """----------------------------------------------------------------------------------
obproxy [OPTIONS]    (a stand-in for tests)
  -h                 print this help
  -p LPORT           port for SQL
  -l PLPORT          port for Prometheus (not in 1.x)
  -o OPTSTR          further settings, k=v,k=v
  -n APPNAME         name of the application
  -r RS_LIST         ip:sql_port;ip:sql_port
  -c CLUSTER_NAME    name of the OceanBase cluster that -r belongs to
  -e                 ask the config server before starting
  -N                 do not run in the background
  -V                 version
----------------------------------------------------------------------------------"""


class BadCommandLine(Exception):
    """The message has already been printed, and only the usage is left to print."""


def main(argv):
    """Run the command line. Like OBProxy, it always exits with 0."""
    release = releases.installed()
    _say(" ".join(argv))
    try:
        options = _parse(argv, release)
    except BadCommandLine as error:
        _say(f"fail to parse cmd line, ret={error}")
        _say(USAGE)
        return
    if "h" in options:
        _say(USAGE)
    elif "V" in options:
        _say(f"obproxy (OceanBase {release.version} {release.number})")
        _say("REVISION: stand-in")
    elif "R" not in options:
        home = os.environ.get("OBPROXY_ROOT") or os.getcwd()
        if "N" in options or _in_background():
            startup.run(options, home, release)


def _parse(argv, release):
    longer = [name for name, short in LONG.items() if short in release.options]
    try:
        pairs, _ = getopt.gnu_getopt(argv[1:], release.options, longer)
    except getopt.GetoptError as error:
        _say(f"{argv[0]}: {_as_libc_says(error)}")
        raise BadCommandLine(-4104) from None
    short = {name.rstrip("="): letter for name, letter in LONG.items()}
    options = {}
    for name, value in pairs:
        letter = short.get(name[2:], name[1:]) if name.startswith("--") else name[1:]
        if letter in ECHOES:
            _say(ECHOES[letter].format(value))
        if letter in PORTS:
            _check_port(value, PORTS[letter])
        options[letter] = value
    return options


def _check_port(value, name):
    if not value.isdigit():
        _say(f"invalid argument sval={value} ret=-4002")
        _say(f"need port number: {value}")
    elif not 1024 < int(value) < 65536:
        _say(f"port number should greater than 1024 and less than 65536: {value}, ret=-4002")
    else:
        return
    _say(f"fail to parse short opt: {name}, ret=-4002")
    raise BadCommandLine(-4002)


def _as_libc_says(error):
    if "requires argument" in error.msg:
        return f"option requires an argument -- '{error.opt}'"
    if len(error.opt) == 1:
        return f"invalid option -- '{error.opt}'"
    return f"unrecognized option '--{error.opt}'"


def _say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _in_background():
    """Fork, and return True in the child, which no longer holds the caller's pipes."""
    if os.fork():
        os._exit(0)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    return True
