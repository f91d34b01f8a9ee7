# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let plain pytest import the collection from a checkout that is not below ansible_collections/.

ansible-test copies the collection to such a directory and brings its own importer, so nothing is done here.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]

if ROOT.parent.parent.name != "ansible_collections":
    for name, path in (
        ("ansible_collections", []),
        ("ansible_collections.obops", []),
        ("ansible_collections.obops.oceanbase", [str(ROOT)]),
    ):
        package = ModuleType(name)
        package.__path__ = path
        sys.modules[name] = package
