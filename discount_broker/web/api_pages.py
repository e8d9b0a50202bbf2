"""What people read of the API: the page made from its description, and the description itself."""

import json
import re
from functools import cache
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from discount_broker.kernel.site import site
from discount_broker.web.access import public
from discount_broker.web.api_document import openapi, schemas
from discount_broker.web.api_operations import PREFIX
from discount_broker.web.api_problems import KINDS
from discount_broker.web.timeline_words import SENTENCES

bp = Blueprint("api_pages", __name__)
TYPES = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}


class Field(NamedTuple):
    """One line of the table of a body."""

    name: str
    type: str
    is_needed: bool
    words: str


@bp.get(f"{PREFIX}/openapi.json")
@public
def document() -> Response:
    return jsonify(_document())


@bp.get("/api")
@public
def reference() -> ResponseReturnValue:
    """Show the description as people read it."""
    told = _document()
    return render_template(
        "api/reference.html",
        told=told,
        operations=[
            (path, method.upper(), entry)
            for path, ways in told["paths"].items()
            for method, entry in ways.items()
        ],
        tables={name: fields_of(schema) for name, schema in schemas().items() if schema.get("properties")},
        schemas=schemas(),
        name_of=name_of,
        problems=KINDS,
        events=sorted(name for name in SENTENCES if ":" not in name),
        example=json.dumps(EXAMPLE, indent=2),
        call=json.dumps(CALL, indent=2),
    )


def _document() -> dict[str, Any]:
    here = site()
    return _made(here.base_url, here.service_name)


@cache
def _made(base_url: str, service_name: str) -> dict[str, Any]:
    return openapi(base_url, service_name)


def name_of(content: dict[str, Any]) -> str:
    """The model in a body."""
    schema = next(iter(content.values()))["schema"]
    return str(schema["$ref"]).rpartition("/")[2]


def fields_of(schema: dict[str, Any]) -> list[Field]:
    needed = schema.get("required", [])
    return [
        Field(name, type_of(field), name in needed, field.get("description", ""))
        for name, field in schema["properties"].items()
    ]


def type_of(field: dict[str, Any]) -> str:
    """What stands in a field, in words for people."""
    if "$ref" in field:
        name = str(field["$ref"]).rpartition("/")[2]
        words = schemas()[name].get("enum")
        return " | ".join(words) if words else name
    if "anyOf" in field:
        kinds = [type_of(kind) for kind in field["anyOf"]]
        return " or ".join(kinds)
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {type_of(field['items'])}"
    if field.get("type") == "null":
        return "null"
    named = field.get("format", "")
    kind = re.sub("-", " ", named) if named else TYPES.get(field.get("type", ""), "text")
    return kind + _bounds(field)


def _bounds(field: dict[str, Any]) -> str:
    if "minimum" in field and "maximum" in field:
        return f", {field['minimum']:g} to {field['maximum']:g}"
    return f", at most {field['maxLength']} letters" if "maxLength" in field else ""


EXAMPLE = {
    "reference": "order-1842",
    "link": "https://shop.example/p/1",
    "wish": {"percent": 10},
    "email": "anna@mail.example",
    "consents": {
        "processing": {
            "given_at": "2030-01-14T09:00:00Z",
            "text": "I agree that my details are used to ask shops for this discount.",
            "version": "3",
        }
    },
}
CALL = {
    "type": "request.shop_answered",
    "timestamp": "2030-01-14T12:31:07+00:00",
    "data": {
        "number": "R-7K2M9",
        "reference": "order-1842",
        "event_id": 48213,
        "state": "offered",
        "facts": {"shop": "Tools and More", "kind": "percent"},
    },
}
