"""The description of the API (OpenAPI 3.1), made from its operations and from what checks the calls."""

import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from discount_broker.web.api_models import Problem
from discount_broker.web.api_operations import OPERATIONS, PREFIX, Operation
from discount_broker.web.api_problems import BY_CODE, MEDIA_TYPE

REF = "#/components/schemas/{model}"
ABOUT = (
    "Ask shops for a discount on behalf of your users. A request begins with the link of a product, a wish "
    "and the address of a buyer; the buyer confirms it by the link in the letter we send, always. Then we "
    "ask the shop and its rivals, and every step is an event: read them here, or have them sent to a webhook."
)
LIMITS = {
    "RateLimit-Limit": "Calls that one key may make in the window that is closest to its end.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until there are more.",
}
TITLES = {
    "malformed": "The body is not JSON.",
    "unauthorized": "No key, or none that opens anything.",
    "not-found": "No such request, offer or webhook among your own.",
    "settled": "It does not stand that way any more; nothing was changed.",
    "reference-used": "Something else was asked under this reference.",
    "too-large": "More than 100 kB.",
    "not-json": "The body must be `application/json`.",
    "invalid": "What was sent cannot be taken; every flaw is named.",
    "too-many": "Too many calls; wait for `Retry-After`.",
}


def openapi(base_url: str, service_name: str) -> dict[str, Any]:
    """The whole document, for this installation."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in OPERATIONS:
        paths.setdefault(path_of(entry), {})[entry.method.lower()] = _operation(entry)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{service_name} API", "version": "1.0.0", "description": ABOUT},
        "servers": [{"url": f"{base_url}{PREFIX}"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "The key of your program."}
            },
        },
    }


def path_of(entry: Operation) -> str:
    return re.sub(r"<(\w+)>", r"{\1}", entry.rule)


@cache
def schemas() -> dict[str, Any]:
    """Every model that is taken or given, by name."""
    modes: list[tuple[type[BaseModel], Any]] = [(Problem, "serialization")]
    for entry in OPERATIONS:
        modes += [(model, "serialization") for model in entry.answers.values()]
        modes += [(model, "validation") for model in (entry.takes,) if model is not None]
    _, found = models_json_schema(list(dict.fromkeys(modes)), ref_template=REF)
    made: dict[str, Any] = found["$defs"]
    return made


def _operation(entry: Operation) -> dict[str, Any]:
    summary, _, more = " ".join(entry.words.split()).partition(". ")
    told: dict[str, Any] = {
        "operationId": entry.name,
        "summary": summary.rstrip("."),
        "parameters": [*_places(entry), *_query(entry)],
        "responses": {**_answers(entry), **_problems(entry)},
    }
    if more:
        told["description"] = more
    if entry.takes is not None:
        told["requestBody"] = {"required": True, "content": _content(entry.takes)}
    return told


def _content(model: type[BaseModel], media_type: str = "application/json") -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": REF.format(model=model.__name__)}}}


def _places(entry: Operation) -> list[dict[str, Any]]:
    words = {
        "number": "Public number of the request, like `R-7K2M9`.",
        "offer_id": "`id` of the offer.",
        "webhook_id": "`id` of the webhook.",
    }
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": words[name],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"<(\w+)>", entry.rule)
    ]


def _query(entry: Operation) -> list[dict[str, Any]]:
    if entry.query is None:
        return []
    fields = entry.query.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.get("description", ""),
            "schema": {key: value for key, value in schema.items() if key not in ("title", "description")},
        }
        for name, schema in fields.items()
    ]


def _answers(entry: Operation) -> dict[str, Any]:
    made = {200: "As it stands now.", 201: "Made just now; its address is in `Location`."}
    return {
        str(code): {"description": made[code], "headers": _limits(), "content": _content(model)}
        for code, model in entry.answers.items()
    }


def _problems(entry: Operation) -> dict[str, Any]:
    """By status; several kinds may share one."""
    told: dict[str, list[str]] = {}
    for code in entry.problems:
        told.setdefault(str(BY_CODE[code].status), []).append(f"`{code}`: {TITLES[code]}")
    return {
        status: {
            "description": " ".join(words),
            "headers": _limits(),
            "content": _content(Problem, MEDIA_TYPE),
        }
        for status, words in told.items()
    }


def _limits() -> dict[str, Any]:
    return {
        name: {"description": words, "required": False, "schema": {"type": "integer"}}
        for name, words in LIMITS.items()
    }
