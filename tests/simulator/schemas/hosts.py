# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute hosts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Answered, Asked, Id, Port

_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
Ipv4 = Annotated[str, Field(pattern=rf"^{_OCTET}(\.{_OCTET}){{3}}$")]
Name = Annotated[str, Field(min_length=1, max_length=128)]


class Service(Answered):
    name: str
    version: str | None = None
    type: str


class Host(Answered):
    id: int
    name: str
    inner_ip_address: str
    ssh_port: int
    kind: str
    status: str
    services: list[Service]
    host_agent_status: str
    operating_system: str
    architecture: str
    idc_id: int
    idc_name: str
    region_name: str


class HostBasicData(Asked):
    inner_ip_address: Ipv4
    serial_number: str | None = None


class HostBatchCreate(Asked):
    host_basic_data_list: Annotated[list[HostBasicData], Field(min_length=1, max_length=50)]
    ssh_port: Port
    kind: Literal["DEDICATED_PHYSICAL_MACHINE", "DEDICATED_CONTAINER", "DEDICATED_ECS"]
    idc_id: Id
    type_id: Id
    credential_id: Id
    publish_ports: list[Port] | None = None
    alias: Name | None = None
    description: str | None = None


class HostBatchDelete(Asked):
    host_id_list: Annotated[list[Id], Field(min_length=1)]


class NamedThing(Answered):
    """A region or a host type."""

    id: int
    name: str


class Idc(NamedThing):
    region_id: int


class NewNamedThing(Asked):
    name: Name


class NewIdc(NewNamedThing):
    region_id: Id


class Credential(NamedThing):
    target_type: str


class SshCredentialProperty(Asked):
    type: Literal["PASSWORD", "PRIVATE_KEY"]
    username: Name
    passphrase: Annotated[str, Field(min_length=1)]


class NewCredential(Asked):
    target_type: Literal["HOST"]
    name: Name
    ssh_credential_property: SshCredentialProperty


class Info(Answered):
    """This is the only response without an envelope."""

    build_version: str
