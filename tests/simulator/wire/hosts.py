# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute hosts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Answered, Asked, Id, Port

Address = Annotated[str, Field(min_length=1, max_length=255)]


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
    inner_ip_address: Address


class HostBatchCreate(Asked):
    host_basic_data_list: Annotated[list[HostBasicData], Field(min_length=1, max_length=50)]
    ssh_port: Port = 22
    kind: str = "DEDICATED_PHYSICAL_MACHINE"
    idc_id: Id = 1
    type_id: Id = 1
    credential_id: Id = 1


class Info(Answered):
    """The one answer without an envelope."""

    build_version: str
