# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a proxy: where they come from, and where they are saved."""

import hashlib
import os
import re
import shutil
import sqlite3

from . import record
from .catalogue import CATALOGUE, BadValue


class UnknownSetting(Exception):
    pass


class Settings:
    def __init__(self, home, release):
        self._home = home
        self._release = release
        #: All values as text, in the form in which OBProxy shows them.
        self._values = {name: self._default(name) for name in CATALOGUE}

    def __getitem__(self, name):
        return self._values[name]

    def number(self, name):
        return int(self._values[name])

    def enabled(self, name):
        return self._values[name] == "True"

    def rows(self, like="%"):
        """Return name, value, info, need_reboot and visible_level of the settings that match a LIKE pattern."""
        wanted = re.compile(_as_expression(like))
        return [self._row(name) for name in CATALOGUE if wanted.match(name)]

    def changed_rows(self):
        """Return the same columns for the settings that differ from their defaults."""
        return [self._row(name) for name in CATALOGUE if self._values[name] != self._default(name)]

    def _row(self, name):
        item = CATALOGUE[name]
        return name, self._values[name], item.info, "true" if item.need_reboot else "false", item.visible_level

    def _default(self, name):
        return self._release.strict_kernel if name == "enable_strict_kernel_release" else CATALOGUE[name].default

    def start_with(self, pairs):
        """Apply settings of the command line. Unknown ones are ignored, and passwords are already SHA-1 hashes."""
        for name, value in pairs:
            if name in CATALOGUE:
                self._values[name] = CATALOGUE[name].checked(value)

    def alter(self, name, value):
        """Apply and save a setting of ALTER PROXYCONFIG SET. Passwords are in plain text."""
        name = name.lower()
        if name not in CATALOGUE:
            raise UnknownSetting(name)
        if CATALOGUE[name].is_password and value:
            value = hashlib.sha1(value.encode()).hexdigest()
        self._values[name] = CATALOGUE[name].checked(value)
        self.save()

    def load(self):
        """Load the saved settings. Unknown names are ignored, and one invalid value discards all saved settings."""
        before = dict(self._values)
        try:
            with open(self._file("etc", "obproxy_config.bin"), "rb") as file:
                lines = record.unpack(file.read()).splitlines()
            self.start_with(line.split("=", 1) for line in lines if "=" in line)
        except OSError:
            pass  # the first start
        except (record.Broken, BadValue):
            self._values = before

    def save(self):
        text = "".join(f"{name}={value}\n" for name, value in self._values.items())
        for folder in ("etc", ".conf"):
            path = self._file(folder, "obproxy_config.bin")
            with open(path + ".tmp", "wb") as file:
                file.write(record.pack(text))
            if not os.path.exists(path):
                shutil.copyfile(path + ".tmp", path)
            os.replace(path, path + ".old")
            os.replace(path + ".tmp", path)
        self._save_database()

    def _save_database(self):
        # Newer releases also save the settings here, but they are only read back from the file above.
        database = sqlite3.connect(self._file("etc", self._release.config_database))
        with database:
            database.execute("CREATE TABLE IF NOT EXISTS proxy_config (name TEXT PRIMARY KEY, value TEXT)")
            database.executemany("REPLACE INTO proxy_config VALUES (?, ?)", self._values.items())
        database.close()

    def _file(self, *parts):
        return os.path.join(self._home, *parts)


def pairs_of(text):
    """Split the settings of -o (k=v,k=v). Values cannot contain commas there."""
    return [part.split("=", 1) for part in text.split(",") if "=" in part]


def _as_expression(like):
    wild = {"%": ".*", "_": "."}
    return "".join(wild.get(letter) or re.escape(letter) for letter in like) + r"\Z"
