# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the fields of the greeting of a proxy on the host as JSON."""

import json

from .raw_mysql import Connection

print(json.dumps(Connection().greeting_fields()))
