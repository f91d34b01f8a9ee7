# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that a proxy has saved, and what they show about a proxy that was started without arguments."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import host, saved_config
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._host.fake_host import FakeProc

# The first bytes of a file that a real OBProxy 4.2.3 wrote, and the beginning of its settings.
HEADER = bytes.fromhex("bcde00200001b3ff000000000000000000001af300001af3000000005327a3d8")
SETTINGS = (
    b"client_session_id_version=1\ninit_sql=\nobserver_sys_password=5f1f3f58\nlisten_port=2993\n"
    b"rootservice_list=10.1.1.1:2881;10.1.1.2:2881\nrootservice_cluster_name=ob\napp_name=demo\n"
    b"obproxy_config_server_url=\n"
)


@pytest.fixture
def proc(tmp_path):
    return FakeProc(tmp_path / "proc")


def look(proc):
    (process,) = host.Host(["obproxy"], 2883, 2884, str(proc)).summary()["processes"]
    return process


@pytest.mark.parametrize("data", [HEADER + SETTINGS, SETTINGS], ids=["4.2.3", "without-header"])
def test_settings_are_read_with_and_without_the_header(data):
    found = saved_config.parse(data)
    assert next(iter(found)) == "client_session_id_version"
    assert (found["init_sql"], found["rootservice_list"]) == ("", "10.1.1.1:2881;10.1.1.2:2881")


@pytest.mark.parametrize("data", [b"", b"\xbc", HEADER[:6], b"\xff" * 40, HEADER])
def test_a_broken_file_says_nothing(data):
    assert saved_config.parse(data) == {}


@pytest.mark.parametrize("file", ["etc/obproxy_config.bin", ".conf/obproxy_config.bin"])
def test_a_proxy_without_arguments_is_known_by_what_it_has_saved(proc, tmp_path, file):
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_bytes(HEADER + SETTINGS)
    proc.add(5, "obproxy", ["./bin/obproxy"], cwd=tmp_path).listen(5, 2993)
    process = look(proc)
    assert (process["start_mode"], process["ob_clusters"], process["app_name"]) == ("rs_list", ["ob"], "demo")
    assert process["sql_port"] == 2993
    assert "5f1f3f58" not in repr(process)


def test_obproxy_root_comes_before_the_working_directory(proc, tmp_path):
    (tmp_path / "data" / "etc").mkdir(parents=True)
    (tmp_path / "data" / "etc" / "obproxy_config.bin").write_bytes(SETTINGS)
    proc.add(5, "obproxy", ["bin/obproxy"], cwd="/")
    (proc.folder / "5" / "root").symlink_to("/")
    (proc.folder / "5" / "environ").write_bytes(f"HOME=/root\0OBPROXY_ROOT={tmp_path}/data\0".encode())
    assert look(proc)["start_mode"] == "rs_list"


def test_a_proxy_that_has_saved_nothing_has_no_start_mode(proc, tmp_path):
    proc.add(5, "obproxy", ["bin/obproxy"], cwd=tmp_path)
    assert look(proc)["start_mode"] is None
