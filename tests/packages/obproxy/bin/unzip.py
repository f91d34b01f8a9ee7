#!/usr/bin/python3
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In the package for completeness' sake: this stand-in has nothing that unzip.py would work on."""

import sys

sys.exit("unzip.py: not in a stand-in")
