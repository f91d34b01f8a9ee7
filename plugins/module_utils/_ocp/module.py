# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What every OCP module does around its one call: options, client, result, failure."""

import os
import traceback
from typing import Any, Callable, Dict, Optional

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .client import Client
from .deadline import Deadline
from .errors import OcpError
from .options import client_from, connection_spec, waiting_spec
from .progress import PROGRESS_DIR, LinesFile, Progress
from .transport import REQUESTS_IMPORT_ERROR, requests


def module_for(options: Dict[str, Any], waiting: bool = False, **kwargs: Any) -> AnsibleModule:
    """The AnsibleModule of an OCP module with these options of its own."""
    spec = dict(connection_spec(), **options)
    if waiting:
        spec.update(waiting_spec())
    return AnsibleModule(argument_spec=spec, **kwargs)


def run(module: AnsibleModule, body: Callable[[Any], Dict[str, Any]]) -> None:
    """Ends the module with what body(client) returns, or with the failure that it raises."""
    if requests is None:
        message = missing_required_lib("requests")
        failure = OcpError("rejected", message).failure
        module.fail_json(msg=message, exception=REQUESTS_IMPORT_ERROR, failure=failure)
    try:
        result = body(client_from(module, limit=time_limit(module)))
    except OcpError as error:
        module.fail_json(msg=str(error), failure=error.failure, **error.result)
    except Exception as exc:
        # An unforeseen answer. The traceback is for a bug report and shows at -vvv only.
        odd = OcpError(
            "protocol",
            "OCP's answer could not be understood: %s: %s." % (type(exc).__name__, exc),
            next="Please report this with the output of the same run at -vvv.",
        )
        module.fail_json(msg=str(odd), failure=odd.failure, exception=traceback.format_exc())
    else:
        module.exit_json(**result)


def time_limit(module: AnsibleModule) -> Optional[Deadline]:
    """The limit that the waiting options set, or None for a module without them."""
    for option, least in (("wait_timeout", 0), ("wait_interval", 1), ("retries", 0)):
        if module.params.get(option, least) < least:
            raise OcpError("rejected", "%s: %d is less than %d." % (option, module.params[option], least))
    return Deadline(module.params["wait_timeout"]) if "wait_timeout" in module.params else None


def progress(client: Client) -> Progress:
    """Where the module writes what happens: the folder that the action plugin made, or nowhere."""
    folder = os.environ.get(PROGRESS_DIR)
    if folder:
        lines = LinesFile(folder)
        lines_of = Progress(lines.write, lambda: client.limit.elapsed, lines.check)
        client.limit.watch = lines.check  # a pause may be long
    else:
        lines_of = Progress(lambda line: None, lambda: client.limit.elapsed)
    client.notify = lines_of.say
    return lines_of
