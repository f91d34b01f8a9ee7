# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m tests.simulator`, or `ocp-simulator` if its package is installed: run a simulated OCP."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from .app import build
from .server import listen, run
from .simulation import Simulation
from .state import State, load

PROGRAM = f"python -m {__package__}"
EPILOG = f"""\
The first line on standard output tells the address; it is the only one there. The simulator runs until it gets
SIGTERM or Ctrl-C.

A state file (YAML) names what OCP manages; all of it is optional:

  hosts:
    - 10.89.0.11                    # an address is enough
    - {{address: 10.89.0.12, name: proxy-2, status: ONLINE}}
  obproxy_clusters:
    - name: demo
      work_mode: CONFIG_URL         # or RS_LIST
      ob_links: [{{cluster_name: obcluster, ob_cluster_id: 1}}]
  users: [{{username: admin, password: secret}}]
  access_keys: [{{id: key, secret: secret, username: admin}}]
  settings: {{task_seconds: 20}}

Without one there are the hosts 127.0.0.1 and 127.0.0.2 and the OBProxy cluster demo. More, with the control path and
the faults that can be ordered, stands in README.md beside this program.

Try it:
  {PROGRAM} --listen 127.0.0.1:8080 &
  curl -u admin:aaAA11__ http://127.0.0.1:8080/api/v2/obproxy/clusters
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        description="A simulator of OceanBase Cloud Platform (OCP): it answers as OCP's documents tell, and before a"
        " takeover succeeds it looks whether a real OBProxy answers. It manages nothing.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--listen",
        metavar="HOST:PORT",
        action="append",
        help="where to listen (default 127.0.0.1:0; port 0 takes a free one); may be given several times",
    )
    made.add_argument("--state", metavar="FILE", type=Path, help="a YAML file with hosts, clusters, users, settings, …")
    made.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting, such as task_seconds=20 or check_proxies=false; may be given several times",
    )
    made.add_argument(
        "--public-url", metavar="URL", help="the address in the clusters' config URL (default: the first --listen)"
    )
    made.add_argument("--tls-cert", metavar="FILE", help="serve https with this certificate (PEM)")
    made.add_argument("--tls-key", metavar="FILE", help="and this key (PEM)")
    made.add_argument(
        "--keep-alive", metavar="SECONDS", type=int, default=20, help="how long an idle connection stays open (20)"
    )
    made.add_argument("--seed", metavar="N", type=int, default=0, help="of what looks random: ids, orders, chances (0)")
    made.add_argument(
        "--stop-on-eof", action="store_true", help="end when standard input ends: with the program that began it"
    )
    made.add_argument("--verbose", action="store_true", help="log each request to standard error")
    return made


def main(arguments: list[str] | None = None) -> int:
    made = parser()
    options = made.parse_args(arguments)
    if bool(options.tls_cert) != bool(options.tls_key):
        made.error("--tls-cert and --tls-key go together")
    if any(where.startswith(("0.0.0.0:", "[::]:")) for where in options.listen or ()) and not options.public_url:
        made.error("all addresses are no address to give to proxies: name one with --public-url")
    try:
        state = _state(options.state, options.set)
        sockets = [listen(where) for where in options.listen or ["127.0.0.1:0"]]
    except ValidationError as problem:
        made.exit(2, f"{made.prog}: the state is wrong: {problem}\n")
    except (OSError, ValueError, yaml.YAMLError) as problem:
        made.exit(2, f"{made.prog}: {problem}\n")
    simulation = Simulation(state, options.seed)
    scheme = "https" if options.tls_cert else "http"
    urls = [f"{scheme}://{_shown(sock.getsockname())}" for sock in sockets]
    simulation.public_url = (options.public_url or urls[0]).rstrip("/")

    def ready() -> None:
        user = state.users[0] if state.users else None
        who = f"user {user.username}, password {user.password}" if user else "no user"
        print(f"OCP simulator at {urls[0]} ({who})", flush=True)
        for url in urls[1:]:
            print(f"… and at {url}", file=sys.stderr, flush=True)

    run(
        build(simulation),
        sockets,
        ready,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        keep_alive=options.keep_alive,
        stop_on_eof=options.stop_on_eof,
        verbose=options.verbose,
    )
    return 0


def _state(file: Path | None, settings: list[str]) -> State:
    state = load(file) if file else State()
    changes = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise ValueError(f"--set {setting!r} is not NAME=VALUE")
        changes[name] = yaml.safe_load(value)
    state.settings = type(state.settings).model_validate({**state.settings.model_dump(), **changes})
    return state


def _shown(address: tuple[Any, ...]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    sys.exit(main())
