# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches that make the stand-in misbehave, from the environment or else from a file of KEY=VALUE lines.

They are read each time, so a changed file affects a running proxy.
"""

import os

FILE = "/etc/obproxy-standin.conf"
PREFIX = "OBPROXY_STANDIN_"


def switch(name):
    """Return the value of a switch, or an empty string if it is not set."""
    key = PREFIX + name
    return os.environ.get(key) or _in_file().get(key, "")


def seconds(name, default):
    return float(switch(name) or default)


def _in_file():
    try:
        with open(os.environ.get(PREFIX + "FILE") or FILE) as file:
            lines = [line.strip() for line in file]
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
