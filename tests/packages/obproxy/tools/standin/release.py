# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release that this stand-in simulates, and the differences between releases."""

import os


class Release:
    def __init__(self, full):
        self.version, self.package_release = full.split("-", 1)
        # The proxy shows its release without the dist tag of the package.
        self.number = self.package_release.split(".el")[0]
        parts = [int(part) for part in self.version.split(".")]
        newer = parts[0] >= 4
        self.charset = 46 if newer else 83
        self.capabilities = 0x009FF7DF if newer else 0x0098F7DF
        self.has_diagnosis_log = newer
        self.config_database = "proxyconfig_v1.db" if newer else "proxyconfig.db"
        self.options = "hp:o:n:r:c:edNVRt:" + ("l:" if parts[0] >= 3 else "")
        # By default, every simulated release runs only on kernels of EL5 to EL7.
        self.strict_kernel = "True"

    @property
    def title(self):
        return f"ObProxy-OceanBase {self.version}-{self.number}"


def installed():
    """Return the release that the package build wrote to the file RELEASE."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "RELEASE")) as file:
        return Release(file.read().strip())
