# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import queue
import socket
import struct
import threading

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import mysql
from ansible_collections.obops.oceanbase.plugins.module_utils._host.check import Query, check

SALT = b"aaaaaaaabbbbbbbbbbbb"
# The scramble that another implementation, PyMySQL, computes from the password "secret" and this salt.
SCRAMBLE = "83733890ca052d9a2d6227265370d86bac2ee213"
SHA1 = mysql.password_sha1("secret")


def packet(sequence, payload):
    return struct.pack("<I", len(payload))[:3] + bytes([sequence]) + payload


# The greeting of OBProxy 4.2.3 as received over the wire, except for the salt: 74 bytes and their header.
GREETING = packet(
    0,
    b"\x0a5.6.25\x00" + struct.pack("<I", 7) + b"aaaaaaaa\x00" + struct.pack("<H", 0xF7DF) + bytes([46]) + b"\x00\x00"
    + struct.pack("<H", 0x009F) + bytes([21]) + b"\x00" * 10 + b"bbbbbbbbbbbb\x00" + b"mysql_native_password\x00",
)  # fmt: skip
OK = packet(2, b"\x00\x00\x00\x02\x00\x00\x00")
DENIED = packet(2, b"\xff" + struct.pack("<H", 1045) + b"#42000Access denied for user 'root@proxysys'")


@pytest.fixture
def server():
    """A function that starts a server on loopback, which sends the given data and keeps what it receives."""
    listeners = []

    def start(*sends):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        got = queue.Queue()

        def serve():
            connection, _peer = listener.accept()
            # A client that does not understand the answer closes the connection before reading all of it.
            with connection, contextlib.suppress(ConnectionError):
                for data in sends:
                    connection.sendall(data)
                    got.put(connection.recv(4096))

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1], got

    yield start
    for listener in listeners:
        listener.close()


def test_the_greeting_of_a_real_proxy_is_understood(server):
    port, _got = server(GREETING)
    assert len(GREETING) == 78
    assert mysql.greeting("127.0.0.1", port) == {"protocol": 10, "version": "5.6.25", "charset": 46, "salt": SALT}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        packet(0, b"\x095.0.0\x00"),
        packet(0, b"\x0a5.6.25\x00abc"),
        packet(0, b"\xff" + struct.pack("<H", 1040) + b"Too many connections"),
        b"",
    ],
)
def test_an_invalid_greeting_is_reported(server, answer):
    port, _got = server(answer)
    with pytest.raises(mysql.MysqlError):
        mysql.greeting("127.0.0.1", port, timeout=0.3)


def test_a_port_without_a_listener_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(mysql.MysqlError, match=r"no connection to 127\.0\.0\.1"):
        mysql.greeting("127.0.0.1", port)


def test_a_log_in_sends_a_scramble_and_no_statement(server):
    port, got = server(GREETING, OK)
    mysql.log_in("127.0.0.1", port, "root@proxysys", SHA1)
    log_in = got.get(timeout=5)
    assert b"root@proxysys\x00\x14" + bytes.fromhex(SCRAMBLE) + b"mysql_native_password" in log_in
    assert b"secret" not in log_in
    assert got.get(timeout=5) == packet(0, b"\x01")


def test_the_scramble_is_that_of_mysql():
    assert mysql.scramble(SHA1, SALT).hex() == SCRAMBLE
    assert mysql.scramble(b"", SALT) == b""


def test_a_password_comes_as_its_sha_1_in_hex_digits_or_is_empty():
    assert mysql.password_sha1_from_hex("e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4") == mysql.password_sha1("secret")
    assert mysql.password_sha1_from_hex("") == mysql.password_sha1("") == b""
    for digits in ("secret", "e5e9", "x" * 40):
        with pytest.raises(ValueError):
            mysql.password_sha1_from_hex(digits)


def test_a_wrong_password_is_distinguished_from_a_broken_proxy(server):
    port, _got = server(GREETING, DENIED)
    with pytest.raises(mysql.AccessDenied, match=r"1045.*Access denied"):
        mysql.log_in("127.0.0.1", port, "root@proxysys", mysql.password_sha1("wrong"))
    port, _got = server(GREETING, packet(2, b"\xfe\x00\x00\x02\x00"))
    with pytest.raises(mysql.MysqlError):
        mysql.log_in("127.0.0.1", port, "root@proxysys", mysql.password_sha1("wrong"))


@pytest.mark.parametrize("query", [None, Query("SELECT 1", "app@tenant#cluster", b"")])
def test_a_proxy_that_refuses_whoever_connects_does_not_answer(server, query):
    port, _got = server(packet(0, b"\xff" + struct.pack("<H", 1045) + b"#42000Access denied for this address"))
    (found,) = check([{"address": "127.0.0.1", "sql_port": port}], query, 5)
    assert found["answers"] is False
    assert found["error"] == f"port {port} does not answer: error 1045: Access denied for this address"


def column(name):
    """Return a column definition as OBProxy 4.2.3 sends it: six strings, then a length and twelve bytes."""
    texts = b"".join(bytes([len(text)]) + text for text in (b"def", b"", b"", b"", name, name))
    return texts + b"\x0c" + struct.pack("<HIBHB2x", 45, 0, 15, 0, 0)


def packets(*payloads):
    return b"".join(packet(number, payload) for number, payload in enumerate(payloads, 1))


EOF = b"\xfe\x00\x00\x02\x00"


def test_rows_are_read_with_their_names_long_texts_and_nulls_included(server):
    long = "x" * 300
    row = b"\x01a" + b"\xfc" + struct.pack("<H", 300) + long.encode()
    answer = packets(b"\x02", column(b"name"), column(b"info"), EOF, row, b"\x00\xfb", EOF)
    port, got = server(GREETING, OK, answer)
    session = mysql.Session("127.0.0.1", port, "root@proxysys", SHA1)
    # The server keeps the reply to each packet that it sent.
    with contextlib.closing(session):
        assert session.query("SHOW PROXYCONFIG") == [{"name": "a", "info": long}, {"name": "", "info": None}]
    got.get(timeout=5)
    assert got.get(timeout=5) == packet(0, b"\x03SHOW PROXYCONFIG")


@pytest.mark.parametrize("answer", [packets(b"\xfb/etc/passwd"), packets(b"\x01", b"\x03def")])
def test_an_answer_that_is_no_table_is_an_error_and_no_crash(server, answer):
    port, _got = server(GREETING, OK, answer)
    session = mysql.Session("127.0.0.1", port, "root@proxysys", b"")
    with contextlib.closing(session), pytest.raises(mysql.MysqlError, match="an answer that is not a table"):
        session.query("SHOW PROXYCONFIG")


@pytest.mark.parametrize("answer", [b"\x00\x00\x00\x02\x00\x00\x00", EOF])
def test_a_statement_without_rows_has_none(server, answer):
    port, _got = server(GREETING, OK, packets(answer))
    with contextlib.closing(mysql.Session("127.0.0.1", port, "root@proxysys", b"")) as session:
        assert session.query("ALTER PROXYCONFIG SET proxy_mem_limited = '4G'") == []


def test_the_error_of_a_statement_has_its_number(server):
    port, _got = server(GREETING, OK, packets(b"\xff" + struct.pack("<H", 5099) + b"#42000System config unknown"))
    session = mysql.Session("127.0.0.1", port, "root@proxysys", b"")
    with contextlib.closing(session), pytest.raises(mysql.MysqlError, match="5099: System config unknown") as raised:
        session.query("ALTER PROXYCONFIG SET frobnicate = '1'")
    assert raised.value.code == 5099
