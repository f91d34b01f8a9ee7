# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the artefact with ansible-galaxy so that the same sources always give the same bytes.

ansible-galaxy uses the order and times of the file system. Here, files are sorted by name and have the release's date.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path


def build(root: Path, target: Path, date: datetime) -> Path:
    """Build the artefact from all files that git does not ignore. Everything in it has the date."""
    with tempfile.TemporaryDirectory() as folder:
        tree, made = Path(folder, "tree"), Path(folder, "made")
        subprocess.run([root / "tools/setup/tree", tree], check=True)
        command = ["ansible-galaxy", "collection", "build", "--output-path", str(made), str(tree)]
        subprocess.run([root / "tools/setup/in-own-home", *command], check=True, stdout=subprocess.DEVNULL)
        (built,) = made.iterdir()
        target.mkdir(exist_ok=True)
        result = target / built.name
        result.write_bytes(_same(built, int(date.timestamp())))
    return result


def _same(built: Path, time: int) -> bytes:
    with tarfile.open(built) as archive:
        members = {
            member.name: (member, file.read() if (file := archive.extractfile(member)) and member.isfile() else b"")
            for member in archive.getmembers()
        }
    _sort_manifest(members)
    packed, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        # The manifests come first, as in an artefact of ansible-galaxy.
        for name in sorted(members, key=lambda name: (name not in ("MANIFEST.json", "FILES.json"), name)):
            member, content = members[name]
            member.mtime, member.size, member.pax_headers = time, len(content), {}
            archive.addfile(member, io.BytesIO(content))
    with gzip.GzipFile(fileobj=zipped, mode="wb", mtime=time, filename="") as stream:
        stream.write(packed.getvalue())
    return zipped.getvalue()


def _sort_manifest(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    """Sort FILES.json by name, and write its new checksum to MANIFEST.json."""

    def rewrite(name: str, content: dict[str, object]) -> bytes:
        text = json.dumps(content, indent=1).encode()
        members[name] = (members[name][0], text)
        return text

    files = json.loads(members["FILES.json"][1])
    files["files"].sort(key=lambda file: file["name"])
    manifest = json.loads(members["MANIFEST.json"][1])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(rewrite("FILES.json", files)).hexdigest()
    rewrite("MANIFEST.json", manifest)
