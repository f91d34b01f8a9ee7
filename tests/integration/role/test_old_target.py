# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host like Enterprise Linux 8 with Python 3.6 as platform Python, and ansible-core 2.16, the last to support it."""

import json
from pathlib import Path

import pytest
import yaml

from tests.lab import lab as labs
from tests.lab.podman import podman
from tools.matrix import versions

from .hosts import LAB, Host, Run, ansible

PLATFORM_PYTHON = "/usr/libexec/platform-python"
RELEASE = """\
NAME="CentOS Linux"
VERSION="8"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="8"
PLATFORM_ID="platform:el8"
PRETTY_NAME="CentOS Linux 8"
"""
VARIABLES = {
    "obproxy_package_version": "1.9.1.1-1919579",
    "obproxy_start_timeout": 60,
}


class Site:
    """An old host and an OCP, managed with ansible-core 2.16."""

    def __init__(self, found, controller, inventory):
        self.host = Host(found["hosts"][0], inventory)
        self.controller = controller
        content = yaml.safe_load(Path(found["inventory"]).read_text())
        # As if no interpreter were set: ansible-core finds the platform Python by itself.
        del content["all"]["children"]["obproxy"]["vars"]["ansible_python_interpreter"]
        inventory.write_text(yaml.safe_dump(content))

    def ansible(self, command, *arguments):
        extra = ["-i", self.host.inventory, "-e", json.dumps(VARIABLES)]
        return Run(ansible(command, *extra, *arguments, python=self.controller))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    python = versions.interpreter("3.6")
    if python is None:
        pytest.skip("there is no Python 3.6 on this machine to give to a host")
    try:
        controller = versions.python_of("2.16")
    except versions.CannotBeHad as reason:
        pytest.skip(str(reason))
    found = labs.up(f"{LAB}-old", count=1, simulator=True, packages="stand-in")
    try:
        make_old(found["hosts"][0]["container"], Path(python).parents[1])
        yield Site(found, controller, tmp_path_factory.mktemp("old") / "hosts.yml")
    finally:
        labs.down(f"{LAB}-old")


def make_old(container, home):
    """Give the host this Python as its platform Python, and the os-release file of an old release."""
    podman("exec", container, "mkdir", "-p", str(home.parent), "/usr/libexec")
    podman("cp", str(home), f"{container}:{home}")
    podman("exec", container, "ln", "-sf", str(home / "bin" / "python3.6"), PLATFORM_PYTHON)
    podman("exec", "--interactive", container, "sh", "-c", "rm /etc/os-release; cat > /etc/os-release", text=RELEASE)


def test_modules_run_on_the_platforms_python(site):
    output = site.ansible("ansible", "all", "-m", "ansible.builtin.setup", "-a", "filter=ansible_python*").ok().output
    assert '"executable": "/usr/libexec/platform-python"' in output
    assert '"ansible_python_version": "3.6.' in output
    assert "core 2.16" in site.ansible("ansible", "--version").ok().output


@pytest.mark.timeout(300)
def test_a_host_is_checked_prepared_and_taken_over(site):
    """Run the playbooks preflight and takeover, and with them every phase of the role."""
    before = site.ansible("ansible-playbook", "obops.oceanbase.preflight").ok()
    assert "would_take_over" in before.output
    assert before.count("changed") == 0
    assert site.host.untouched()
    assert "taken_over" in site.ansible("ansible-playbook", "obops.oceanbase.takeover").ok().output
    again = site.ansible("ansible-playbook", "obops.oceanbase.takeover").ok()
    assert "already_managed" in again.output
    assert again.count("changed") == 0


def test_a_problem_there_is_reported_just_as_clearly(site):
    """Use the host as the previous test has left it."""
    message = site.ansible("ansible-playbook", "obops.oceanbase.takeover", "-e", "obproxy_package_version=3.2.3.5-2")
    assert "obproxy 3.2.3.5-2 (obproxy_package_version)" in message.message()
