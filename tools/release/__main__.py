# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create a release: `python -m tools.release 1.0.0` writes the changelog, and all files to publish to dist/."""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import yaml

from . import artefact, bill, simulator

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
GALAXY = ROOT / "galaxy.yml"
CHANGES = ROOT / "changelogs" / "changelog.yaml"


class ReleaseError(Exception):
    """A problem that the user can fix, shown without a traceback."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("version", help="such as 1.0.0")
    version = parser.parse_args().version
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"VERSION: {version} is not of the form x.y.z, such as 1.0.0.")
    GALAXY.write_text(re.sub(r"^version: .*$", f"version: {version}", GALAXY.read_text(), flags=re.MULTILINE))
    date = changelog(version)
    built = artefact.build(ROOT, DIST, date)
    wheel = simulator.build(ROOT, DIST, date)
    listed = Path(f"{built}.cdx.json")
    listed.write_text(bill.of_materials(ROOT, built.name, sha256(built), date))
    print(f"release: version {version} of {date:%Y-%m-%d}, CHANGELOG.md brought up to date")
    for file in (built, checksum(built), listed, wheel, checksum(wheel)):
        print(f"release: {file.relative_to(ROOT)}")


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def checksum(file: Path) -> Path:
    """Write the checksum next to the file, in the format of sha256sum."""
    written = Path(f"{file}.sha256")
    written.write_text(f"{sha256(file)}  {file.name}\n")
    return written


def changelog(version: str) -> datetime:
    """Collect the changelog fragments for this version unless already done, and return its date in UTC."""
    if version not in released():
        command = [str(ROOT / "tools/setup/in-own-home"), "antsibull-changelog", "release", "--version", version]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise ReleaseError(f"antsibull-changelog could not make the changelog:\n{done.stdout.strip()}")
    date = released()[version]["release_date"]
    return datetime.fromisoformat(str(date)).replace(tzinfo=timezone.utc)


def released() -> dict[str, dict[str, object]]:
    found = yaml.safe_load(CHANGES.read_text()) if CHANGES.exists() else {}
    return found.get("releases") or {}


if __name__ == "__main__":
    try:
        main()
    except ReleaseError as error:
        sys.exit(f"release: {error}")
