#!/usr/bin/python3
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A placeholder for completeness. This stand-in has nothing for obp_xflush.py to process."""

import sys

sys.exit("obp_xflush.py: not in a stand-in")
