# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Common parts of all JSON bodies of the API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

# Times are strings, since a datetime would lose the zeros of the milliseconds that OCP writes.
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


def _whole(value: Any) -> Any:
    """Accept 7.0 as an integer, since JSON does not distinguish integers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# OCP's Long, limited to what a double represents exactly, as in the description, whose bounds are doubles.
_LONGEST = 2**53 - 1
Long = Annotated[int, Field(ge=-_LONGEST, le=_LONGEST), BeforeValidator(_whole)]
Id = Annotated[int, Field(ge=1, le=_LONGEST), BeforeValidator(_whole)]
Port = Annotated[int, Field(ge=1, le=65535), BeforeValidator(_whole)]


def _no_nulls(schema: dict[str, Any]) -> None:
    """Remove null from the description of responses, since they leave out keys without a value."""
    for prop in schema.get("properties", {}).values():
        options = [option for option in prop.get("anyOf", []) if option != {"type": "null"}]
        if len(options) == 1:
            del prop["anyOf"]
            prop.update(options[0])
        elif options:
            prop["anyOf"] = options
        if "default" in prop and prop["default"] is None:
            del prop["default"]


class Wire(BaseModel):
    """A body with names in Python style in the code, and in camelCase in JSON."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Asked(Wire):
    """A part of a request. It is strict: it accepts only what the OpenAPI description allows ("1" is no number)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, strict=True)


class Answered(Wire):
    """A part of a response, in which absent keys mean null."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, json_schema_extra=_no_nulls)
