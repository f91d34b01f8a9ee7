# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What one version of a proxy passes on to the next: the settings that were changed while it ran, but no defaults.

SHOW PROXYCONFIG DIFF lists what is not a default: what obproxyd.sh and the role passed at the start, and what was set
later by ALTER PROXYCONFIG. Only the latter is carried over, passwords included, since the new version's obproxyd.sh
has options of its own.
"""

import re
from typing import Dict, List

from .cmdline import SECRET
from .proxy_config import OF_THE_LAUNCH, same
from .records import Record

# State of a proxy, not settings.
STATE = re.compile(r"^(current_local_config_version|json_config_.*|.*_last_modified)$")
# obproxyd.sh builds its options as one text: ,enable_qos=true,proxy_mem_limited=2G
OF_THE_SCRIPT = re.compile(r"[,\"']([a-z][a-z0-9_]*)=([A-Za-z0-9_.]+)(?=[,\"'$\s])")
# What -o can carry through obproxyd.sh, which quotes nothing.
PLAIN = re.compile(r"^[A-Za-z0-9_.:/%+;-]*$")


def changed_settings(difference: List[Record], rows: List[Record], passed: Dict[str, str]) -> Dict[str, str]:
    """{name: value} of what was changed since the start.

    difference: the rows of SHOW PROXYCONFIG DIFF. rows: those of SHOW PROXYCONFIG, since what was passed at the start
    may have been set back to its default. passed: {name: value} of the start.
    """
    changed = {}
    for row in difference + [row for row in rows if row["name"] in passed]:
        name, value = row["name"], row["value"] or ""
        if name in OF_THE_LAUNCH or STATE.match(name) or row.get("visible_level") == "MEMORY" or "\n" in value:
            continue
        if name not in passed or not same(value, passed[name]):
            changed[name] = value
    return changed


def passed_by_script(text: str) -> Dict[str, str]:
    """The options that an obproxyd.sh passes at its first launch, according to its text."""
    return dict(OF_THE_SCRIPT.findall(text))


def first_options(carried: Dict[str, str], own: str) -> str:
    """The options of the first launch: the carried settings, then the role's own, which take precedence.

    obproxyd.sh's own options take precedence over the saved settings, and these come after them. Passwords are only in
    the saved settings.
    """
    texts = [
        "%s=%s" % (name, value)
        for name, value in sorted(carried.items())
        if PLAIN.match(value) and not SECRET.search(name)
    ]
    return ",".join(texts + [own] * bool(own))


def not_taken(rows: List[Record], carried: Dict[str, str], own: Dict[str, str]) -> Dict[str, List[str]]:
    """{"unknown": names that the new version does not have, "lost": names that it has with another value}."""
    shown = {row["name"]: row["value"] or "" for row in rows}
    wanted = {name: value for name, value in carried.items() if name not in own}
    return {
        "unknown": sorted(name for name in wanted if name not in shown),
        "lost": sorted(name for name, value in wanted.items() if name in shown and not same(shown[name], value)),
    }
