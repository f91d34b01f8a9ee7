# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment shipped as an example, built without a registry and without a network.

Only the sources of its parts differ from the example. The base is the image of the lab's hosts, the Python packages
are downloaded here, and the collection is the artefact that the other tests use.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.lab import image as hosts_image
from tests.lab.places import CHECKOUT, PREFIX, lock
from tests.lab.podman import CONFIGURATION, podman
from tests.simulator.launcher import ROOT

EXAMPLE = ROOT / "extensions" / "awx" / "execution-environment.yml"
TOOLS = Path(sys.executable).parent
#: The packages that ansible-builder installs in addition to those in the example.
BUILDER_NEEDS = ["bindep", "dumb-init==1.2.5", "packaging", "pip", "pyyaml", "setuptools", "wheel"]
#: Steps before those of the example. They set where pip finds packages, and install pip, which the base lacks.
OFFLINE = [
    "ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels PIP_BREAK_SYSTEM_PACKAGES=1",
    "COPY _build/wheels /wheels",
    # Python can run pip from inside its wheel. The file name of the wheel depends on pip's version.
    "RUN $PYCMD $(echo /wheels/pip-*.whl)/pip install pip",
]


def ensure() -> str:
    """Build the image if it does not exist, and return its name."""
    (artefact,) = (ROOT / ".cache" / "build" / "artefact").glob("*.tar.gz")
    base = hosts_image.ensure()
    recipe = [base, *OFFLINE, EXAMPLE.read_text(), hashlib.sha256(artefact.read_bytes()).hexdigest()]
    image = f"localhost/{PREFIX}-ee:{hashlib.sha256(repr(recipe).encode()).hexdigest()[:12]}"
    with lock("ee-image"):
        if not podman("images", "--quiet", image).strip():
            for old in podman("images", "--quiet", f"localhost/{PREFIX}-ee").split():
                podman("rmi", "--force", old, check=False)
            with tempfile.TemporaryDirectory(prefix="ee-") as folder:
                _build(image, base, artefact, Path(folder))
    return image


def _build(image: str, base: str, artefact: Path, folder: Path) -> None:
    definition = _definition(base, artefact)
    (folder / "execution-environment.yml").write_text(yaml.safe_dump(definition))
    _fetch(_python_of(base), definition["dependencies"], folder / "wheels")
    label = f"--extra-build-cli-args=--label obproxy-lab={CHECKOUT}"
    _run(folder, "ansible-builder", "build", "--container-runtime=podman", f"--tag={image}", "-v2", label)


def _definition(base: str, artefact: Path) -> dict[str, Any]:
    definition = yaml.safe_load(EXAMPLE.read_text())
    definition["images"]["base_image"]["name"] = base
    # The base image already provides Python and ssh.
    del definition["dependencies"]["python_interpreter"], definition["dependencies"]["system"]
    (collection,) = definition["dependencies"]["galaxy"]["collections"]
    assert collection["name"] == "obops.oceanbase"
    definition["dependencies"]["galaxy"]["collections"] = [{"name": f"./{artefact.name}", "type": "file"}]
    files = [{"src": "wheels", "dest": "wheels"}, {"src": str(artefact), "dest": "."}]
    return {
        **definition,
        "additional_build_files": files,
        "additional_build_steps": {"prepend_base": OFFLINE},
        "options": {**definition["options"], "skip_pip_install": True},
    }


def _python_of(base: str) -> str:
    version = "import sys; print('%d.%d' % sys.version_info[:2])"
    return podman("run", "--rm", "--entrypoint", "python3", base, "-c", version).strip()


def _fetch(python: str, dependencies: dict[str, Any], folder: Path) -> None:
    wanted = [dependencies[name]["package_pip"] for name in ("ansible_core", "ansible_runner")]
    wanted += [line for line in (ROOT / "meta" / "ee-requirements.txt").read_text().splitlines() if line[:1].isalpha()]
    only = [f"--python-version={python}", "--only-binary=:all:"]
    _run(ROOT, "pip", "download", "--quiet", f"--dest={folder}", *only, *wanted, *BUILDER_NEEDS)


def _run(cwd: Path, tool: str, *arguments: str) -> None:
    environment = {**os.environ, "CONTAINERS_CONF": str(CONFIGURATION)}
    command = [str(TOOLS / tool), *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
