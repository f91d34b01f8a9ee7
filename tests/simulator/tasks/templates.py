# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subtasks of tasks, in the order of execution."""

from __future__ import annotations

from typing import NamedTuple

_BUSINESS = "com.alipay.ocp.service.task.business"
_PROXY, _HOST = f"{_BUSINESS}.obproxy", f"{_BUSINESS}.host"


class Step(NamedTuple):
    name: str
    class_name: str
    timeout: int
    # The key of the check that the task's work may run during this step.
    key: str = ""
    skippable: bool = True
    description: str | None = None


class Template(NamedTuple):
    name: str
    steps: tuple[Step, ...]


# The twelve subtasks of the published sample response, ordered by their links.
TAKE_OVER = Template(
    "Install obproxy",
    (
        Step("Prepare obproxy install", f"{_PROXY}.PrepareObproxyInstallTask", 300, "prepare"),
        Step("Prepare create obproxy", f"{_PROXY}.PrepareCreateObproxyTask", 1800),
        Step("Check if process not exist", f"{_HOST}.CheckProcessNotExistTask", 300, "process"),
        Step("Check if command exists", f"{_HOST}.CheckCommandTask", 300, "command"),
        Step("Install rpm by package and version", f"{_HOST}.InstallRpmByPackageAndVersionTask", 3600, "package"),
        Step("Start obproxy process", f"{_PROXY}.StartObproxyTask", 600, "listen", skippable=False),
        Step("Sync obproxy parameter", f"{_PROXY}.SyncObproxyParameterTask", 30, "sync", skippable=False),
        Step("Set obproxy user and password for connect", f"{_PROXY}.SetObproxyUserPasswordForObTask", 30, "password"),
        Step("Refresh ocp agent config", f"{_HOST}.RefreshAgentConfigTask", 3600),
        Step("Register obproxy exporter", f"{_PROXY}.RegisterObproxyExporterTask", 30),
        Step("Update obproxy status", f"{_PROXY}.UpdateObproxyStatusTask", 300),
        Step("Finish node", f"{_PROXY}.FinishTask", 0, description="Finish node"),
    ),
)


def _made_up(name: str, *steps: str) -> Template:
    """Return a template with invented subtasks for clients to follow, since those of other tasks are not documented."""
    return Template(name, tuple(Step(step, f"{_PROXY}.{step.title().replace(' ', '')}Task", 300) for step in steps))


ADD = Template("Install obproxy", TAKE_OVER.steps)
CREATE_CLUSTER = _made_up("Install obproxy", "Prepare create cluster", "Create config url", "Finish node")
DELETE_CLUSTER = _made_up("Delete obproxy cluster", "Stop obproxy processes", "Uninstall rpms", "Finish node")
DELETE = _made_up("Delete obproxy", "Prepare delete obproxy", "Stop obproxy process", "Uninstall rpm", "Finish node")
RESTART = _made_up(
    "Restart obproxy", "Prepare restart obproxy", "Stop obproxy process", "Start obproxy process", "Finish node"
)
UPGRADE = _made_up("Upgrade obproxy", "Prepare upgrade obproxy", "Install rpm", "Hot upgrade obproxy", "Finish node")
# Tasks that are always running in a real OCP.
OTHERS = (
    _made_up("Backup cluster", "Prepare backup", "Backup data", "Backup log", "Finish node"),
    _made_up("Cluster inspection", "Prepare inspection", "Collect metrics", "Create report"),
    _made_up("Merge cluster", "Start merge", "Wait merge", "Finish node"),
)
ADD_HOST = Template(
    "Prepare host",
    (
        Step("Pre-check for host", f"{_HOST}.PreCheckForHostTask", 300, "pre_check", skippable=False),
        Step("Uninstall legacy agent", f"{_HOST}.UninstallLegacyAgentTask", 600),
        Step("Install agent", f"{_HOST}.InstallAgentTask", 1800),
        Step("Update host status", f"{_HOST}.UpdateHostStatusTask", 300),
    ),
)
