# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The software bill of materials of the artefact and its requirements. It includes no third-party code."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import yaml
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement


def of_materials(root: Path, file: str, sha256: str, date: datetime) -> str:
    """Return the bill of materials of the artefact with this name and checksum, as CycloneDX 1.6 in JSON."""
    about = yaml.safe_load((root / "galaxy.yml").read_text())
    name = f"{about['namespace']}.{about['name']}"
    collection = Component(
        type=ComponentType.LIBRARY,
        bom_ref=name,
        name=name,
        version=about["version"],
        description=about["description"],
        licenses=[LicenseExpression(about["license"][0])],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
        purl=PackageURL("generic", about["namespace"], about["name"], about["version"]),
        external_references=[ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(about["repository"]))],
        properties=[Property(name="file", value=file)],
    )
    bom = Bom(
        # The same artefact always has the same bill of materials.
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{about['repository']}#{sha256}"),
        metadata=BomMetaData(component=collection, timestamp=date),
    )
    for needed in _needed(root):
        bom.components.add(needed)
    bom.register_dependency(collection, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _needed(root: Path) -> list[Component]:
    """Return the required Python packages. Supported versions are a property, since no package is shipped."""
    runtime = yaml.safe_load((root / "meta/runtime.yml").read_text())
    lines = [
        f"ansible-core{runtime['requires_ansible']}",
        *(root / "meta/ee-requirements.txt").read_text().splitlines(),
    ]
    return [
        Component(
            type=ComponentType.LIBRARY,
            bom_ref=wanted.name,
            name=wanted.name,
            scope=ComponentScope.REQUIRED,
            purl=PackageURL("pypi", name=wanted.name),
            properties=[Property(name="versions", value=str(wanted.specifier))],
        )
        for wanted in (Requirement(line) for line in lines if line and not line.startswith("#"))
    ]
