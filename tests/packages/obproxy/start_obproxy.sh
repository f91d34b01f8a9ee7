#!/bin/bash
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The start_obproxy.sh of the stand-in package. It passes its arguments to obproxyd.sh -c start.
exec "$(dirname "$(readlink -f "$0")")/bin/obproxyd.sh" -c start "$@"
