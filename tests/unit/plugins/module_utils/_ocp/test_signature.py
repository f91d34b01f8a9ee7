# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's published test vectors for AK/SK signatures."""

from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.signature import (
    AccessKey,
    encode_query,
    signature,
    string_to_sign,
)

SECRET = "2fc0c299cc94c6be266f2ceece765d4d"


def test_first_published_vector():
    message = string_to_sign(
        "POST",
        b'{"name":"test01","description":"test","regionId":1}',
        {
            "Content-Type": "application/json",
            "Date": "Tue, 17 Jan 2023 09:13:57 GMT",
            "Host": "ocp.alibaba.net:8080",
            "x-ocp-data": "A,1",
        },
        "http://ocp.alibaba.net:8080/api/v2/compute/idcs",
    )
    assert "186974DB33A090A16D3E2CA35F547B56" in message.split("\n")
    assert signature(SECRET, message) == "XN8P+O+v3vUabB16ZCooq5wMJoY="


def test_second_published_vector():
    message = string_to_sign(
        "GET",
        None,
        {
            "Content-Type": "application/json;charset=utf-8",
            "Date": "Tue, 17 Jan 2023 04:14:02 GMT",
            "Host": "ocp.alibaba.net:8080",
        },
        "http://ocp.alibaba.net:8080/api/v2/compute/idcs?size=100",
    )
    assert signature(SECRET, message) == "TsQD6HDOuZuJ409m0wdnZPmijlc="


def test_a_query_is_sorted_joined_and_percent_encoded():
    assert encode_query([("b", "x y"), ("a", "1"), ("a", "2"), ("c", "~é/")]) == "a=1%2C2&b=x%20y&c=~%C3%A9%2F"


def test_the_signed_host_is_the_one_that_is_sent():
    class Request:
        def __init__(self, url):
            self.method, self.url, self.body, self.headers = "GET", url, None, {}

    for url, host in (
        ("http://ocp:8080/x", "ocp:8080"),
        ("https://ocp/x", "ocp"),
        ("https://ocp:443/x", "ocp"),
        ("http://[fd00::1]:8080/x", "[fd00::1]:8080"),
    ):
        signed = AccessKey("me", SECRET)(Request(url))
        assert signed.headers["Host"] == host
        assert signed.headers["Authorization"].startswith("OCP-ACCESS-KEY-HMACSHA1 me:")
        assert SECRET not in str(signed.headers)


def test_the_path_of_a_reverse_proxy_is_not_signed(monkeypatch):
    monkeypatch.setattr("email.utils.time.time", lambda: 1674033237)

    class Request:
        def __init__(self, url):
            self.method, self.url, self.body, self.headers = "GET", url, None, {}

    def signed(url, prefix=""):
        return AccessKey("me", SECRET, prefix)(Request(url)).headers["Authorization"]

    straight = signed("http://ocp:8080/api/v2/x?a=1")
    assert signed("http://ocp:8080/tools/ocp/api/v2/x?a=1", "/tools/ocp/") == straight
    assert signed("http://ocp:8080/tools/ocp/api/v2/x?a=1") != straight
