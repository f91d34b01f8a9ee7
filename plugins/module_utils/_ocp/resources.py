# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a new host needs in OCP: an IDC, a host type and a credential, by name or id."""

from typing import Any, Callable, Dict, List, Optional

from . import api
from .client import Client
from .errors import OcpError
from .objects import some
from .progress import Progress
from .values import comparable, id_of, integer, text
from .write import write_once

#: The name of each in an error.
NOUNS = {"region": "region", "idc": "IDC", "host_type": "host type", "credential": "credential for hosts"}


def find_resource(client: Client, option: str, word: Optional[str]) -> int:
    """The id of the object with this name or id. A number is an id if no object has it as its name."""
    try:
        there = api.resources(client, option)
    except OcpError as error:
        # OCP's reference does not list the call for credentials; one named by its id can do without.
        if option == "credential" and integer(word) is not None and error.kind in ("not_found", "protocol", "rejected"):
            return int(str(word))
        raise
    found = _called(there, word)
    if not found:
        raise unknown(option, word, there)
    return _first_id(found)


def find_idc(
    client: Client,
    word: str,
    region: Optional[str],
    make: bool,
    progress: Progress,
    interval: float,
    making: Callable[[], None],
) -> Optional[int]:
    """The id of an IDC. If a region is named, one that is missing is made in it, which is noted by a call of making().

    None if it is missing and may not be made now.
    """
    there = api.resources(client, "idc")
    found = _called(there, word)
    if not region:
        if not found:
            raise unknown("idc", word, there, " To create it, also set region.")
        return _first_id(found)
    region_id = find_resource(client, "region", region)
    if found:
        if integer(found[0].get("regionId")) not in (None, region_id):
            raise OcpError(
                "rejected",
                "idc: the IDC %s belongs to the region with the id %s, not to %s."
                % (found[0].get("name"), found[0].get("regionId"), region),
                next="Correct region, or omit it.",
            )
        return _first_id(found)
    if not make:
        return None

    def shown() -> bool:
        there[:] = api.resources(client, "idc")
        return bool(_called(there, word))

    making()
    progress.say("Creating the IDC %s in the region %s." % (word, region))
    write_once(lambda: api.make_idc(client, word, region_id), shown, client, progress, interval)
    return _first_id(_called(there, word))


def unknown(option: str, word: Optional[str], there: List[Dict[str, Any]], more: str = "") -> OcpError:
    labels = ["%s (%s)" % (each.get("name"), each.get("id")) for each in there]
    mine = (
        ", or create it in OCP as the user that runs this" if option == "credential" else ", or create it in OCP first"
    )
    return OcpError(
        "not_found",
        "%s: OCP has no %s %s. It has: %s." % (option, NOUNS[option], word, some(labels) or "none"),
        next="Use one of these%s.%s" % (mine, more),
    )


def _called(there: List[Dict[str, Any]], word: Optional[str]) -> List[Dict[str, Any]]:
    """Those with this name, else the one with this id, each with its id as a number."""
    known = [dict(each, id=id_of(each)) for each in there if id_of(each) is not None]
    wanted = comparable(word)
    return (
        [each for each in known if each.get("name") == word]
        or [each for each in known if wanted is not None and comparable(text(each.get("name"))) == wanted]
        or [each for each in known if str(each["id"]) == (word or "").strip()]
    )


def _first_id(found: List[Dict[str, Any]]) -> int:
    number: int = found[0]["id"]
    return number
