# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The allowed differences between a stand-in and a real OBProxy, with reasons. All else must be the same."""

import re
from typing import NamedTuple

OLDER = r"[123]\."
NEWER = r"[4-9]\."
PUBLIC_BUILD = r".* built from public source"


class Difference(NamedTuple):
    about: str
    """A regular expression for the keys of observations."""
    reason: str
    standins: str = ""
    """Which stand-ins: a regular expression for the begin of their version."""
    reals: str = ""
    """Which real packages: a regular expression for the begin of their version and summary."""
    only_real: bool = False
    """Nothing but an observation that the stand-in lacks."""


DIFFERENCES = [
    Difference("run by$", "a script is run by its interpreter, and that shows in its command line"),
    Difference("^answer config ", "a real one has hundreds of settings", only_real=True),
    Difference("^package prefix", "not said in that package, said in the enterprise one", reals=PUBLIC_BUILD),
    Difference("^package (tree|programs)", "its own shared libraries, and neither links nor tools", reals=PUBLIC_BUILD),
    Difference("^package deleted before", "that package spares bin, the public spec does not", reals=PUBLIC_BUILD),
    Difference("^life link log", "its obproxyd.sh makes the link, the enterprise package has it", reals=PUBLIC_BUILD),
    Difference("^answer greeting '(charset|capabilities)'", "83 and 0x98f7df up to 3.2.3.5", OLDER, NEWER),
    Difference(r"(: diagnosis log|verdict)$", "no obproxy_diagnosis.log up to 3.2.3.5", OLDER, NEWER),
    Difference(r": database$", "proxyconfig.db became proxyconfig_v1.db", OLDER, NEWER),
    Difference("^start port for prometheus: ", "1.x is not known to have -l", r"1\.", r"[2-9]\."),
]


def compare(standin, real, version, described):
    """Return the unexplained differences (both values by key), and the lines of the table that no difference needs."""
    possible = [line for line in DIFFERENCES if re.match(line.standins, version) and re.match(line.reals, described)]
    unexplained, used = {}, set()
    for key in sorted(standin.keys() | real.keys()):
        if key in standin and key in real and standin[key] == real[key]:
            continue
        reasons = [
            line for line in possible if re.search(line.about, key) and (key not in standin or not line.only_real)
        ]
        used.update(reasons)
        if not reasons:
            unexplained[key] = {"stand-in": standin.get(key, "nothing"), "real": real.get(key, "nothing")}
    return unexplained, [line for line in possible if line not in used]
