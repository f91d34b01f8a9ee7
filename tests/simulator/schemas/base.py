# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every JSON body of the API has in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

# Times travel as strings: a datetime would lose the milliseconds' zeros that OCP writes.
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


def _whole(value: Any) -> Any:
    """JSON knows no integers: 7.0 is one, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# OCP's Long, as far as a double holds it exactly: so does the description, whose bounds are doubles.
_LONGEST = 2**53 - 1
Long = Annotated[int, Field(ge=-_LONGEST, le=_LONGEST), BeforeValidator(_whole)]
Id = Annotated[int, Field(ge=1, le=_LONGEST), BeforeValidator(_whole)]
Port = Annotated[int, Field(ge=1, le=65535), BeforeValidator(_whole)]


def _no_nulls(schema: dict[str, Any]) -> None:
    """Answers leave out what has no value, so their description must not offer null either."""
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
    """Python names here, camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Asked(Wire):
    """Part of a request. Strict, so that the OpenAPI description does not refuse what is accepted: "1" is no number."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, strict=True)


class Answered(Wire):
    """Part of an answer: absent keys mean null."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, json_schema_extra=_no_nulls)
