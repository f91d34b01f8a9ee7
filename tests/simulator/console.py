# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's console: a single page for all paths, which the browser fills with calls of the API."""

from __future__ import annotations

PAGE = (
    "<!DOCTYPE html><html><head><title>OceanBase Cloud Platform</title></head>"
    '<body><div id="root"></div><script src="/umi.js"></script></body></html>\n'
)


def is_page(method: str, path: str) -> bool:
    """Return whether a path, such as `/` or `/task/33001`, belongs to the console and not to the API."""
    return method == "GET" and not path.startswith(("/api/", "/services"))
