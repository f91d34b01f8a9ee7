# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's errors: an entry for each, with both formats of the code and the languages that the simulator supports.

Every code is in OCP's public tables. A problem without a code there is an invalid value or a missing record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Entry(NamedTuple):
    # None for an error whose kind OCP's code base does not state. The settings then provide the status.
    status: int | None
    integer: int
    string: str
    en: str
    zh: str


class Problem(Enum):
    TASK_NOT_FOUND = Entry(404, 4001, "TSK10001", "Task {task} does not exist.", "任务 {task} 不存在。")
    SUBTASK_NOT_FOUND = Entry(
        404, 1002, "COM10002", "Task {task} has no subtask {subtask}.", "任务 {task} 没有子任务 {subtask}。"
    )
    TASK_STATE = Entry(
        None,
        4007,
        "TSK10007",
        "{operation} is not allowed while the {what} is {status}.",
        "{what} 状态为 {status},不允许 {operation}。",
    )
    NO_ROLLBACK = Entry(None, 4009, "TSK10009", "Task {task} cannot be rolled back.", "任务 {task} 不允许回滚。")
    NO_SKIP = Entry(None, 4010, "TSK10010", "Subtask {subtask} cannot be skipped.", "子任务 {subtask} 不允许跳过。")
    HOST_IN_USE = Entry(None, 7000, "CMP07000", "Host {host} is in use: {reason}.", "主机 {host} 正在使用:{reason}。")
    HOST_EXISTS = Entry(None, 7001, "CMP07001", "Host {host} exists already.", "主机 {host} 已存在。")
    HOST_OFFLINE = Entry(None, 7004, "CMP07004", "Host {host} is offline or in use.", "主机 {host} 离线或正在使用。")
    HOST_NOT_FOUND = Entry(404, 7005, "CMP07005", "Host {host} does not exist.", "主机 {host} 不存在。")
    HOST_STATUS = Entry(
        None,
        7006,
        "CMP07006",
        "Host {host} cannot be used: its status is {status}.",
        "主机 {host} 不可用,状态为 {status}。",
    )
    AGENT_STATUS = Entry(
        None,
        7019,
        "CMP07019",
        "The OCP agent on host {host} is not available: its status is {status}.",
        "主机 {host} 的 OCP Agent 不可用,状态为 {status}。",
    )
    HOST_HAS_PROXY = Entry(
        None,
        7010,
        "ODP21116",
        "Host {address} already has an OBProxy of OBProxy cluster {cluster}, at port {port} (status {status}).",
        "主机 {address} 上已有 OBProxy 集群 {cluster} 的 OBProxy,端口 {port}(状态 {status})。",
    )
    NEW_HOST_SSH = Entry(
        500, 7002, "CMP07002", "Cannot connect to host {host} by ssh.", "无法通过 SSH 连接主机 {host}。"
    )
    NEW_HOST_SSH_TIMEOUT = Entry(
        500, 7015, "CMP07015", "The ssh connection to host {host} timed out.", "SSH 连接主机 {host} 超时。"
    )
    NEW_HOST_CREDENTIAL = Entry(
        None, 7016, "CMP07016", "The credential does not fit host {host}.", "凭据不适用于主机 {host}。"
    )
    NEW_HOSTS_SYSTEMS = Entry(
        None, 7017, "CMP07017", "The hosts have different operating systems.", "主机操作系统不一致。"
    )
    NEW_HOSTS_ARCHITECTURES = Entry(
        None, 7018, "CMP07018", "The hosts have different architectures.", "主机架构不一致。"
    )
    NEW_HOST_LATENCY = Entry(
        None, 7020, "CMP07020", "The latency to host {host} is too high.", "到主机 {host} 的延迟过高。"
    )
    NEW_HOST_CLOCK = Entry(
        None, 7021, "CMP07021", "The clock of host {host} differs from OCP's.", "主机 {host} 的时钟与 OCP 不一致。"
    )
    NEW_HOST_ADDRESS = Entry(None, 7022, "CMP07022", "Host {host} has another address.", "主机 {host} 的地址不一致。")
    NEW_HOST_AGENT = Entry(
        None, 7023, "CMP07023", "Host {host} lacks what the OCP agent needs.", "主机 {host} 缺少 OCP Agent 依赖。"
    )
    NEW_HOST_SSH_USER = Entry(
        None, 7026, "CMP07026", "The ssh user of host {host} lacks rights.", "主机 {host} 的 SSH 用户权限不足。"
    )
    NEW_HOST_COMMAND = Entry(None, 7036, "CMP07036", "A command is missing on host {host}.", "主机 {host} 缺少命令。")
    # 7033 has no counterpart in the table of V4.2.2 and later, where it is an invalid value.
    PROCESSES = Entry(None, 7033, "COM10001", "{reason}", "进程数不符合要求:{reason}")
    HOST_BUSY = Entry(
        409,
        20021,
        "BAK29003",
        "Another task ({task}) is in progress on host {host}.",
        "主机 {host} 上有其他任务({task})正在执行。",
    )
    CLUSTER_NOT_FOUND = Entry(
        404, 21001, "ODP21001", "OBProxy cluster {cluster} does not exist.", "OBProxy 集群 {cluster} 不存在。"
    )
    PROXY_NOT_FOUND = Entry(404, 21002, "ODP21002", "OBProxy {obproxy} does not exist.", "OBProxy {obproxy} 不存在。")
    # "Cannot connect" is 500 in OCP's code base, regardless of the settings.
    CANNOT_CONNECT = Entry(
        500, 21008, "ODP10001", "Cannot connect to the OBProxy: {reason}", "无法连接 OBProxy:{reason}"
    )
    # These have no counterpart in the table up to V4.2.1, where they are an invalid value.
    VERSION = Entry(None, 1001, "ODP21018", "{reason}", "OBProxy 版本不符合要求:{reason}")
    PROXY_STATUS = Entry(
        None,
        1001,
        "ODP21017",
        "OBProxy {obproxy} cannot be changed: its status is {status}.",
        "OBProxy {obproxy} 状态为 {status},不允许操作。",
    )
    PRECONDITION = Entry(None, 1001, "COM10001", "{reason}", "不满足接管条件:{reason}")
    NAME_EXISTS = Entry(None, 1006, "COM10006", "The name {name} exists already.", "名称 {name} 已存在。")
    NO_SUCH_RECORD = Entry(404, 1002, "COM10002", "There is no {what} {wanted}.", "{what} {wanted} 不存在。")
    BAD_ARGUMENT = Entry(400, 1001, "COM10001", "Illegal argument: {reason}", "参数错误:{reason}")
    NO_SUCH_CALL = Entry(400, 1001, "COM10001", "There is no call {method} {path}.", "接口不存在:{method} {path}")
    INTERNAL = Entry(500, 1115, "COM10999", "Unexpected error.", "系统异常。")
    NO_CREDENTIALS = Entry(401, 3000, "IAM10000", "Log in first.", "请先登录。")
    WRONG_CREDENTIALS = Entry(401, 3004, "IAM10004", "The user name or the password is wrong.", "用户名或密码错误。")
    BAD_SIGNATURE = Entry(401, 3004, "IAM10004", "The request's signature is wrong: {reason}", "请求签名错误:{reason}")
    BLOCKED = Entry(
        401,
        3004,
        "IAM10004",
        "Too many failed logins: try again in {minutes} minutes.",
        "登录失败次数过多,请 {minutes} 分钟后再试。",
    )
    NO_PERMISSION = Entry(403, 3017, "IAM11000", "User {user} has no right {right}.", "用户 {user} 没有权限 {right}。")
    WRITES_REFUSED = Entry(
        403, 3017, "IAM11000", "The simulator was told to refuse writes.", "模拟器已设置为拒绝写操作。"
    )
    TOO_MANY_REQUESTS = Entry(
        429, 0, "0", "Too many requests: try again in {seconds} s.", "请求过于频繁,请 {seconds} 秒后再试。"
    )


@dataclass
class OcpError(Exception):
    """Ends a call with an error response."""

    problem: Problem
    facts: dict[str, object]
    target: str | None = None
    subs: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.message("en")

    def message(self, language: str) -> str:
        entry = self.problem.value
        return (entry.zh if language == "zh" else entry.en).format(**self.facts)

    def status(self, unstated: int) -> int:
        return self.problem.value.status or unstated

    def code(self, code_format: str) -> int | str:
        entry = self.problem.value
        # The rate limit's error has the number 0 in every version.
        return entry.integer if code_format == "integer" or entry.integer == 0 else entry.string


class Ordered(OcpError):
    """A refusal with a configured code, which does not have to be one of the simulator's own."""

    def __init__(self, code: int | str, status: int | None, text: str) -> None:
        known = [each for each in Problem if str(code) in (str(each.value.integer), each.value.string)]
        super().__init__(known[0] if known else Problem.PRECONDITION, {})
        self._code, self._status, self._text = code, status, text

    def message(self, language: str) -> str:
        return self._text

    def status(self, unstated: int) -> int:
        return self._status or super().status(unstated)

    def code(self, code_format: str) -> int | str:
        return self._code


def error(problem: Problem, target: str | None = None, **facts: object) -> OcpError:
    return OcpError(problem, facts, target)


def language_of(accept_language: str) -> str:
    """Return the first language that OCP supports (English or Chinese), or English if there is none."""
    for part in accept_language.lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("en", "zh")):
            return tag[:2]
    return "en"
