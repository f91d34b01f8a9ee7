# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import proxy_config
from ansible_collections.obops.oceanbase.plugins.module_utils._host.mysql import AccessDenied, MysqlError
from ansible_collections.obops.oceanbase.plugins.module_utils._host.proxy_config import ConfigError

# Settings as OBProxy 4.2.3 shows them. The password is "abc".
SHOWN = {
    "proxy_mem_limited": ("2G", "false"),
    "enable_qos": ("True", "false"),
    "work_thread_num": ("128", "true"),
    "observer_sys_password": ("a9993e364706816aba3e25717850c26c9cd0d89d", "false"),
    "obproxy_sys_password": ("", "false"),
}


class Proxy:
    """A session with a proxy that has a few settings and refuses 1M of memory."""

    def __init__(self):
        self.got = []

    def query(self, statement):
        if statement == "SHOW PROXYCONFIG":
            return [
                {"name": name, "value": value, "info": "[100MB, 100G]", "need_reboot": restart}
                for name, (value, restart) in SHOWN.items()
            ]
        if "'1M'" in statement:
            raise MysqlError("error 4147: Invalid config", 4147)
        self.got.append(statement)
        return []


def planned(settings=None, passwords=()):
    return proxy_config.plan(Proxy(), settings or {}, list(passwords))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("proxy_mem_limited", "2G"),
        ("work_thread_num", 128),
        ("enable_qos", True),
        ("enable_qos", "true"),
        ("enable_qos", "on"),
    ],
)
def test_a_setting_that_is_as_wanted_is_left_alone(name, value):
    assert planned({name: value}) == []


@pytest.mark.parametrize(
    ("name", "value", "statement"),
    [
        ("proxy_mem_limited", "4G", "ALTER PROXYCONFIG SET proxy_mem_limited = '4G'"),
        ("work_thread_num", 8, "ALTER PROXYCONFIG SET work_thread_num = '8'"),
        ("enable_qos", False, "ALTER PROXYCONFIG SET enable_qos = 'False'"),
        # The proxy is left to refuse this value.
        ("enable_qos", "maybe", "ALTER PROXYCONFIG SET enable_qos = 'maybe'"),
    ],
)
def test_a_setting_that_differs_is_set(name, value, statement):
    (change,) = planned({name: value})
    assert change.statement() == statement
    assert change.needs_restart == (name == "work_thread_num")


def test_an_unknown_name_is_reported_with_similar_ones():
    with pytest.raises(
        ConfigError, match=r"no setting 'proxy_mem_limit' \(did you mean proxy_mem_limited\?\); no setting 'x'"
    ):
        planned({"proxy_mem_limit": "2G", "x": 1})


def test_a_password_is_compared_as_the_proxy_keeps_it_and_never_shown():
    assert planned(passwords=[("observer_sys_password", "abc")]) == []
    changes = planned({"proxy_mem_limited": "4G"}, [("obproxy_sys_password", "geheim")])
    difference = proxy_config.difference(changes)
    assert difference["before"] == "proxy_mem_limited: 2G\nobproxy_sys_password: (a password)\n"
    assert difference["after"] == "proxy_mem_limited: 4G\nobproxy_sys_password: (another password)\n"


def test_a_refused_value_is_reported_with_its_range_and_with_what_was_set_before():
    proxy = Proxy()
    changes = planned({"work_thread_num": 8, "proxy_mem_limited": "1M", "enable_qos": False})
    with pytest.raises(ConfigError) as raised:
        proxy_config.apply(proxy, changes)
    assert str(raised.value) == (
        "proxy_mem_limited cannot be set to '1M': error 4147: Invalid config ([100MB, 100G])"
        "; already changed: work_thread_num"
    )
    assert len(proxy.got) == 1


@pytest.mark.parametrize("text", ["it's", "back\\slash", "line\nbreak"])
def test_a_value_that_no_statement_can_carry_is_refused_and_not_shown(text):
    with pytest.raises(ConfigError, match="the value of app_name contains a single quote, a backslash or") as raised:
        proxy_config.check_options({"app_name": text}, "", "")
    with pytest.raises(ConfigError, match="proxysys_password contains a single quote") as raised:
        proxy_config.check_options({}, text, "")
    assert text not in str(raised.value)


def test_passwords_are_no_settings():
    with pytest.raises(ConfigError, match="inspector_password do not belong in settings"):
        proxy_config.check_options({"inspector_password": "abc987"}, "", "")


def test_the_first_accepted_password_is_used_and_none_is_tried_twice():
    tried = []

    def connect(password):
        tried.append(password)
        if password != "old":
            raise AccessDenied("error 1045: Access denied", 1045)
        return "session"

    assert proxy_config.log_in(connect, ["new", "old"]) == ("session", "old")
    with pytest.raises(ConfigError, match="cannot log in with any of the passwords given: error 1045"):
        proxy_config.log_in(connect, ["new", "new"])
    assert tried == ["new", "old", "new"]


def test_what_a_later_start_undoes_is_known_by_what_starts_pass():
    row = {"info": "", "need_reboot": "false"}
    changes = [
        proxy_config.Change("listen_port", "2883", "3883", row),
        proxy_config.Change("proxy_mem_limited", "2G", "3G", row),
        proxy_config.Change("enable_qos", "False", "True", row),
        proxy_config.Change("syslog_level", "WDIAG", "INFO", row),
    ]
    passed = {"proxy_mem_limited": "2G", "enable_qos": "true"}
    assert proxy_config.overridden(changes, passed) == {
        "at_start": ["listen_port"],
        "by_obproxyd": ["proxy_mem_limited"],
    }
