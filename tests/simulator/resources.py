# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources for new hosts: regions, data centres, host types and credentials, and what OCP finds on the hosts."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    # Report misspelt keys instead of ignoring them.
    model_config = ConfigDict(extra="forbid")


class Region(Part):
    id: int | None = None
    name: str


class Idc(Part):
    id: int | None = None
    name: str
    region_id: int = 1


class HostType(Part):
    id: int | None = None
    name: str


class Credential(Part):
    """A credential for logging in to hosts. Only its owner, a user of OCP, sees it."""

    id: int | None = None
    name: str
    owner: str = "admin"
    target_type: str = "HOST"
    type: Literal["PASSWORD", "PRIVATE_KEY"] = "PASSWORD"
    username: str = "root"


class NewHost(Part):
    address: str
    operating_system: str = "CentOS Linux release 7.9.2009 (Core)"
    architecture: str = "x86_64"
    # The problem with the host: SSH, credential, latency, clock, address, agent, or a missing command.
    problem: Literal[7002, 7015, 7016, 7020, 7021, 7022, 7023, 7026, 7036] | None = None
