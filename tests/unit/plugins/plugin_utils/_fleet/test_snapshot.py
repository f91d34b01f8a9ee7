# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A snapshot is one readable file per proxy that later runs do not replace."""

from pathlib import Path

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import snapshot

from .looks import look, process

ROW = {"host": "proxy/1", "address": "10.0.0.1", "sql_port": 2883}
CLUSTER = {"id": 1, "name": "demo", "work_mode": "CONFIG_URL", "obproxies": []}
SETTINGS = [{"name": "proxy_mem_limited", "value": "3G", "needs_restart": False}]


def made(time="2026-11-26T01:00:00+08:00"):
    return snapshot.contents(ROW, look(process(), settings=SETTINGS), CLUSTER, time)


def test_it_has_what_the_proxy_was_and_its_settings_as_obproxy_config_takes_them(tmp_path):
    [path] = snapshot.write(str(tmp_path / "tonight"), [made()])
    assert path.endswith("proxy_1-2883.yml")
    kept = yaml.safe_load(Path(path).read_text())
    assert kept["settings"] == {"proxy_mem_limited": "3G"}
    assert kept["cluster"] == {"id": 1, "name": "demo", "work_mode": "CONFIG_URL"}
    assert kept["processes"][0]["user"] == "admin"
    assert kept["packages"] == ["obproxy-4.2.1-11.el7.x86_64"]


def test_it_takes_names_as_ansible_makes_them_of_an_inventory(tmp_path):
    row = DataLoader().load("{host: proxy-1, address: 10.0.0.1, sql_port: 2883}")
    [path] = snapshot.write(str(tmp_path), [snapshot.contents(row, look(process()), CLUSTER, "")])
    assert yaml.safe_load(Path(path).read_text())["host"] == "proxy-1"


def test_a_later_run_of_the_same_night_keeps_the_first_one(tmp_path):
    snapshot.write(str(tmp_path), [made()])
    before = (tmp_path / "proxy_1-2883.yml").read_text()
    assert snapshot.write(str(tmp_path), [made("2026-11-26T02:00:00+08:00")]) == []
    assert (tmp_path / "proxy_1-2883.yml").read_text() == before


def test_a_directory_that_cannot_be_is_known_before(tmp_path):
    (tmp_path / "file").write_text("")
    assert snapshot.problems(str(tmp_path / "new" / "one")) == []
    assert snapshot.problems("") == []
    assert "is not a directory" in snapshot.problems(str(tmp_path / "file"))[0]
