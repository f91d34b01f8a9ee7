# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import struct
import zlib

from ansible_collections.obops.oceanbase.plugins.module_utils._host import saved_config, saved_record

# The header that a real OBProxy 4.2.3 wrote before 6888 bytes of settings with the CRC-32C 0x97b69d4a.
REAL_HEADER = bytes.fromhex("bcde0020000149fc000000000000000000001ae800001ae80000000097b69d4a")


def words(data):
    result = 0
    for word in struct.unpack(">16H", data[:32]):
        result ^= word
    return result


def test_a_record_is_read_back_and_has_the_header_of_a_real_proxy():
    settings = {"proxy_mem_limited": "3G", "obproxy_sys_password": "", "syslog_level": "ERROR"}
    record = saved_record.record(settings)
    assert saved_config.parse(record) == settings
    assert record[:6] == REAL_HEADER[:6]
    assert words(record) == words(REAL_HEADER) == 0xFFFF
    length, packed_length, checksum = struct.unpack(">iiq", record[16:32])
    assert length == packed_length == len(record) - 32
    assert checksum == saved_record.crc32c(record[32:])


def test_the_checksum_is_crc_32c_begun_with_nothing():
    # The usual check value of CRC-32C, with initial and final inversion, is 0xE3069283.
    assert saved_record.crc32c(b"\0") == 0
    assert saved_record.crc32c(b"123456789") == 0x58E3FA20
    assert saved_record.crc32c(b"123456789") != zlib.crc32(b"123456789")


def test_a_file_is_written_for_its_user_alone_and_both_copies_go(tmp_path):
    home = str(tmp_path)
    (tmp_path / ".conf").mkdir()
    (tmp_path / ".conf" / "obproxy_config.bin").write_bytes(b"old")
    saved_record.write(home, {"a": "1"}, os.getuid(), os.getgid())
    path = tmp_path / "etc" / "obproxy_config.bin"
    assert path.stat().st_mode & 0o777 == 0o600
    assert saved_record.is_saved(home)
    assert not (tmp_path / ".conf" / "obproxy_config.bin").exists()
    saved_record.forget(home)
    assert not saved_record.is_saved(home)


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "etc" / "obproxy_config.bin").symlink_to(tmp_path / "victim")
    saved_record.write(str(tmp_path), {"a": "1"}, os.getuid(), os.getgid())
    assert (tmp_path / "victim").read_text() == "mine"
