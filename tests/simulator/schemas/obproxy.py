# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OBProxy clusters, OBProxies, and the bodies of the calls that change them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from .base import Answered, Asked, Id, Moment, Port

WorkMode = Literal["CONFIG_URL", "RS_LIST"]
Name = Annotated[str, Field(min_length=1, max_length=128)]
# VERSION or VERSION-RELEASE without the dist tag.
Version = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){1,4}(-[0-9]+)?$")]


class Obproxy(Answered):
    id: int
    cluster_id: int
    host_id: int
    ip: str
    sql_port: int
    exporter_port: int
    version: str | None = None
    status: str
    operate_status: str
    idc_name: str
    last_active_time: Moment | None = None
    parameter_version: int
    architecture: str


class ObLink(Answered):
    cluster_name: str
    ob_cluster_id: int
    username: str
    status: str


class VersionCount(Answered):
    version: str
    count: int


class IdcCount(Answered):
    idc_name: str
    count: int


class ObproxyCluster(Answered):
    id: int
    name: str
    work_mode: WorkMode
    config_url: str | None = None
    address: str | None = None
    port: int | None = None
    ob_links: list[ObLink]
    versions: list[VersionCount]
    topo: list[IdcCount]
    obproxies: list[Obproxy]
    parameter_version: int
    create_time: Moment
    update_time: Moment


class TakeOverHost(Asked):
    host_id: Id
    sql_port: Port
    proxysys_passwd: str | None = None


class TakeOver(Asked):
    hosts: Annotated[list[TakeOverHost], Field(min_length=1)]


class NewObLink(Asked):
    cluster_name: Name
    ob_cluster_id: Id
    username: Name


class Parameter(Asked):
    name: Name
    value: str


class InstallParam(Asked):
    """The hosts on which proxies are installed. An empty cluster has none and does not require the other keys."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"hostIds": {"maxItems": 0}}},
                {
                    "required": ["sqlPort", "exporterPort", "version"],
                    "properties": {name: {"not": {"type": "null"}} for name in ("sqlPort", "exporterPort", "version")},
                },
            ]
        }
    )

    host_ids: list[Id]
    sql_port: Port | None = None
    exporter_port: Port | None = None
    version: Version | None = None


class NewCluster(Asked):
    name: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]*$", max_length=128)]
    address: str | None = None
    port: Port = 2883
    work_mode: WorkMode = "CONFIG_URL"
    ob_links: list[NewObLink]
    startup_parameters: list[Parameter]
    parameters: list[Parameter]
    obproxy_install_param: InstallParam
    # Only in newer versions of OCP: the password of root@proxysys, which a takeover sets on proxies, and proxyro's.
    password: str | None = None
    proxyro_password: str | None = None


class ClusterChange(Asked):
    address: str | None = None
    port: Port | None = None


class ServersDelete(Asked):
    obproxy_server_ids: Annotated[list[Id], Field(min_length=1)]


class ParameterValue(Answered):
    value: str
    obproxies: list[str]


class ClusterParameter(Answered):
    name: str
    description: str
    need_reboot: bool
    value_string: str
    values: list[ParameterValue]


class ParameterInfo(Answered):
    id: int
    name: str
    version: str
    type: str
    allowed_string_values: str | None = None
    min_value: str | None = None
    max_value: str | None = None
    default_value: str
    need_restart: bool
    readonly: bool
    description: str


class BatchAdd(Asked):
    host_ids: Annotated[list[Id], Field(min_length=1)]
    sql_port: Port
    exporter_port: Port
    version: Version


class Upgrade(Asked):
    short_rpm_name: Annotated[str, Field(pattern=r"^obproxy(-ce)?-[0-9][A-Za-z0-9._-]*$")]
