"""JSON lines in, JSON lines out, in the same order; a line that cannot be answered says why."""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from discount_broker.kernel.errors import BrokerError

log = logging.getLogger(__name__)

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


class BadLine(BrokerError):
    """The line asks for something that cannot be answered; the text says what."""


def answer_lines(answer: Answer) -> None:
    """Read requests from standard input until it ends; every line gets exactly one answer."""
    for line in sys.stdin.buffer:
        if line.strip():
            # Half a surrogate pair, which a line may hold, has no bytes in UTF-8.
            said = json.dumps(_answered(answer, line), ensure_ascii=False)
            click.echo(said.encode("utf-8", "backslashreplace"))
            sys.stdout.flush()


def _answered(answer: Answer, line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError as error:
        return {"id": None, "error": f"the line is not valid JSON: {error}"}
    except RecursionError:
        return {"id": None, "error": "the line is nested too deeply"}
    if not isinstance(request, dict):
        return {"id": None, "error": "the line is not a JSON object"}
    identity = request.get("id")
    try:
        return {"id": identity, **answer(request)}
    except (BrokerError, OSError) as error:
        return {"id": identity, "error": str(error)}
    except Exception as error:  # one hostile page must not end the run for all the others
        log.exception("could not answer line %s", identity)
        return {"id": identity, "error": f"the line could not be answered: {type(error).__name__}"}


def text_of(request: Mapping[str, Any], key: str) -> str:
    """A required text of the request."""
    value = request.get(key)
    if not isinstance(value, str):
        raise BadLine(f"the line has no text {key!r}")
    return value


def optional_text(request: Mapping[str, Any], key: str) -> str | None:
    """A text of the request that may be absent or null."""
    value = request.get(key)
    return value if isinstance(value, str) and value else None
