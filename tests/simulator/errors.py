# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's errors: one entry each, with both formats of the code and the languages the simulator knows.

Entries marked "made up" stand for refusals whose codes no public document tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Entry(NamedTuple):
    status: int
    integer: int
    string: str
    en: str
    zh: str


class Problem(Enum):
    TASK_NOT_FOUND = Entry(404, 4001, "TSK10001", "Task {task} does not exist.", "任务 {task} 不存在。")
    # A subtask's own code is made up.
    SUBTASK_NOT_FOUND = Entry(
        404, 4002, "TSK10002", "Task {task} has no subtask {subtask}.", "任务 {task} 没有子任务 {subtask}。"
    )
    TASK_STATE = Entry(
        400,
        4007,
        "TSK10007",
        "{operation} is not allowed while the {what} is {status}.",
        "{what} 状态为 {status},不允许 {operation}。",
    )
    NO_ROLLBACK = Entry(400, 4009, "TSK10009", "Task {task} cannot be rolled back.", "任务 {task} 不允许回滚。")
    NO_SKIP = Entry(400, 4010, "TSK10010", "Subtask {subtask} cannot be skipped.", "子任务 {subtask} 不允许跳过。")
    # The string of the host's code is made up.
    HOST_NOT_FOUND = Entry(404, 7005, "CMP10005", "Host {host} does not exist.", "主机 {host} 不存在。")
    HOST_BUSY = Entry(
        409,
        20021,
        "ODP10021",
        "Another task ({task}) is in progress on host {host}.",
        "主机 {host} 上有其他任务({task})正在执行。",
    )
    CLUSTER_NOT_FOUND = Entry(
        404, 21001, "ODP21001", "OBProxy cluster {cluster} does not exist.", "OBProxy 集群 {cluster} 不存在。"
    )
    CANNOT_CONNECT = Entry(
        400, 21008, "ODP21008", "Cannot connect to the OBProxy: {reason}", "无法连接 OBProxy:{reason}"
    )
    VERSION_TOO_LOW = Entry(400, 21018, "ODP21018", "{reason}", "OBProxy 版本不符合要求:{reason}")
    # Made up: 219xx / ODP219xx.
    ALREADY_MANAGED = Entry(
        400,
        21901,
        "ODP21901",
        "OBProxy {address}:{port} is already managed by OBProxy cluster {cluster} (status {status}).",
        "OBProxy {address}:{port} 已由 OBProxy 集群 {cluster} 管理(状态 {status})。",
    )
    HOST_STATUS = Entry(
        400,
        21902,
        "ODP21902",
        "Host {host} cannot be used: its status is {status}.",
        "主机 {host} 不可用,状态为 {status}。",
    )
    PRECONDITION = Entry(400, 21903, "ODP21903", "{reason}", "不满足接管条件:{reason}")
    DUPLICATE_HOST = Entry(400, 21904, "ODP21904", "Host {host} is named more than once.", "主机 {host} 重复。")
    PROXY_NOT_FOUND = Entry(404, 21905, "ODP21905", "OBProxy {obproxy} does not exist.", "OBProxy {obproxy} 不存在。")
    CLUSTER_EXISTS = Entry(
        400, 21906, "ODP21906", "OBProxy cluster {cluster} exists already.", "OBProxy 集群 {cluster} 已存在。"
    )
    HOST_EXISTS = Entry(400, 7901, "CMP10901", "Host {host} exists already.", "主机 {host} 已存在。")
    WRITES_REFUSED = Entry(
        403, 21907, "ODP21907", "The simulator was told to refuse writes.", "模拟器已设置为拒绝写操作。"
    )
    # End of what is made up.
    NO_CREDENTIALS = Entry(401, 3000, "IAM10000", "Log in first.", "请先登录。")
    WRONG_CREDENTIALS = Entry(401, 3004, "IAM10004", "The user name or the password is wrong.", "用户名或密码错误。")
    BAD_SIGNATURE = Entry(401, 3004, "IAM10004", "The request's signature is wrong: {reason}", "请求签名错误:{reason}")
    BLOCKED = Entry(
        401,
        3004,
        "IAM10004",
        "Too many failed log-ins: try again in {minutes} minutes.",
        "登录失败次数过多,请 {minutes} 分钟后再试。",
    )
    # The integer of this one is made up.
    NO_PERMISSION = Entry(403, 3011, "IAM11000", "User {user} may not do this.", "用户 {user} 没有权限。")
    # The integer of this one is made up.
    BAD_ARGUMENT = Entry(400, 1001, "COM10001", "Illegal argument: {reason}", "参数错误:{reason}")
    NO_SUCH_CALL = Entry(404, 1002, "COM10002", "There is no such call: {path}", "接口不存在:{path}")
    NO_SUCH_METHOD = Entry(405, 1003, "COM10003", "Method {method} is not supported here.", "不支持方法 {method}。")
    INTERNAL = Entry(500, 1000, "COM10000", "Unexpected error.", "系统异常。")
    TOO_MANY_REQUESTS = Entry(
        429, 0, "0", "Too many requests: try again in {seconds} s.", "请求过于频繁,请 {seconds} 秒后再试。"
    )


# Which status these come with is not documented: the settings say.
OF_STATE = frozenset(
    {
        Problem.TASK_STATE,
        Problem.NO_ROLLBACK,
        Problem.NO_SKIP,
        Problem.ALREADY_MANAGED,
        Problem.HOST_STATUS,
        Problem.PRECONDITION,
        Problem.DUPLICATE_HOST,
        Problem.CLUSTER_EXISTS,
        Problem.HOST_EXISTS,
        Problem.CANNOT_CONNECT,
        Problem.VERSION_TOO_LOW,
    }
)


@dataclass
class OcpError(Exception):
    """Ends a call with an error answer."""

    problem: Problem
    facts: dict[str, object]
    target: str | None = None
    subs: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.message("en")

    def message(self, language: str) -> str:
        entry = self.problem.value
        return (entry.zh if language == "zh" else entry.en).format(**self.facts)

    def status(self, of_state: int) -> int:
        return of_state if self.problem in OF_STATE else self.problem.value.status

    def code(self, code_format: str) -> int | str:
        entry = self.problem.value
        # A refusal by the rate limit has the number 0 in every version.
        return entry.integer if code_format == "integer" or entry.integer == 0 else entry.string


def error(problem: Problem, target: str | None = None, **facts: object) -> OcpError:
    return OcpError(problem, facts, target)


def language_of(accept_language: str) -> str:
    """OCP speaks English and Chinese; the first language that is one of them counts."""
    for part in accept_language.lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("en", "zh")):
            return tag[:2]
    return "en"
