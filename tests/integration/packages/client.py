# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a statement through PyMySQL on the host, and print its rows or its error as JSON."""

import json
import sys

import pymysql


def main():
    user, password, statement = sys.argv[1:]
    try:
        connection = pymysql.connect(host="127.0.0.1", port=2883, user=user, password=password, autocommit=None)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            answer = {"rows": cursor.fetchall()}
    except Exception as error:
        # Catch all exceptions, because for a bare EOF packet PyMySQL raises none of its own.
        answer = {"error": type(error).__name__, "text": str(error)}
    print(json.dumps(answer))


main()
