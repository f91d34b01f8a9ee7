# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import time

from ansible_collections.obops.oceanbase.plugins.module_utils._host import logs

FAILED = 'ObProxy [REBOOT](info="obproxy version: 4.2.3.0, pid: %d, ppid: 1, result: reboot failed")'
SUCCESS = 'ObProxy [REBOOT](info="obproxy version: 4.2.3.0, pid: %d, ppid: 1, result: reboot success")'


def stamp(seconds):
    return time.strftime("[%Y-%m-%d %H:%M:%S.123456] ", time.localtime(seconds))


def write(home, name, lines):
    (home / "log").mkdir(exist_ok=True)
    (home / "log" / name).write_text("\n".join(lines) + "\n")


def test_the_verdicts_of_this_start_are_returned_by_process(tmp_path):
    now = time.time()
    lines = [
        stamp(now - 3600) + FAILED % 1,
        stamp(now - 1) + FAILED % 22,
        stamp(now) + SUCCESS % 333,
        stamp(now) + "[LOGIN](trace_type=…, pid: 5)",
    ]
    write(tmp_path, "obproxy_diagnosis.log", lines)
    assert logs.reboots(str(tmp_path), now - 5) == {22: False, 333: True}


def test_a_version_without_that_log_has_no_verdict(tmp_path):
    write(tmp_path, "obproxy.log", ["x"])
    assert logs.reboots(str(tmp_path), 0) == {}


def test_the_end_of_each_log_is_shown(tmp_path):
    write(tmp_path, "obproxy.log", [f"line {number}" for number in range(100)])
    path = str(tmp_path / "log/obproxy.log")
    assert logs.tails(str(tmp_path)) == [{"path": path, "lines": [f"line {number}" for number in range(88, 100)]}]


def test_what_was_written_before_this_start_is_not_shown(tmp_path):
    now = time.time()
    write(tmp_path, "obproxy.log", [stamp(now - 3600) + "INFO  old", stamp(now) + "INFO  new"])
    (tail,) = logs.tails(str(tmp_path), since=now - 5)
    assert [line.split()[-1] for line in tail["lines"]] == ["new"]


def entry(now, level, pid, text):
    """Return a log line as OBProxy 4.2.3 writes it."""
    return f"{stamp(now)}{level} [PROXY] init (ob_proxy.cpp:178) [{pid}][Y0-0000000000000000] [lt=0] {text}"


USAGE = ["-" * 80, "obproxy [OPTIONS]", *["  -h,--help                              print this help"] * 30]


def shown(home, now):
    (tail,) = logs.tails(str(home), now - 5, failed=True)
    return [text.split("[lt=0] ")[1] for text in tail["lines"]]


def test_the_first_process_of_a_failed_start_shows_the_cause(tmp_path):
    """The second launch fails for a different reason, and each process prints its usage last."""
    now = time.time()
    lines = [
        entry(now, "INFO ", 11868, "succ to init logger"),
        entry(now, "WDIAG", 11868, "fail to listen"),
        entry(now, "EDIAG", 11868, "obproxy init failed(ret=-10098) BACKTRACE:0x38cf08 0x36e9eb"),
        *USAGE,
        entry(now, "WDIAG", 11884, "unknown uname release(ret=-4016)"),
        *USAGE,
    ]
    write(tmp_path, "obproxy.log", lines)
    assert shown(tmp_path, now) == ["fail to listen", "obproxy init failed(ret=-10098)"]


def test_where_the_first_process_ended_before_it_wrote_why_its_last_lines_are_shown_too(tmp_path):
    now = time.time()
    lines = [
        *[entry(now, "INFO ", 12014, f"Load config succ({number})") for number in range(20)],
        *USAGE,
        entry(now, "INFO ", 12032, "succ to init logger"),
        entry(now, "WDIAG", 12032, "unknown uname release(ret=-4016)"),
        *USAGE,
    ]
    write(tmp_path, "obproxy.log", lines)
    assert shown(tmp_path, now) == [
        *[f"Load config succ({number})" for number in range(16, 20)],
        "unknown uname release(ret=-4016)",
    ]


def test_a_huge_log_is_not_read_wholly(tmp_path):
    write(tmp_path, "obproxy.log", ["x" * 300000, "the end"])
    assert logs.tails(str(tmp_path))[0]["lines"] == ["the end"]


def test_no_log_is_no_error(tmp_path):
    assert logs.tails(str(tmp_path)) == []


def test_passwords_are_blotted_out(tmp_path):
    secret = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    write(
        tmp_path,
        "obproxy.log",
        [
            f"args: -o observer_sys_password={secret},enable_strict_kernel_release=false",
            f'ALTER PROXYCONFIG SET obproxy_sys_password = "{secret}"',
            f"{{name:proxysys_passwd, password: {secret}}}",
        ],
    )
    (tail,) = logs.tails(str(tmp_path))
    assert secret not in "".join(tail["lines"])
    assert "enable_strict_kernel_release=false" in tail["lines"][0]
