"""What a page of the house says to its database: as the driver gets it, and as the mapper was asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from benchmarks.desk_visits import Statement, statements_of
from benchmarks.web_load import Page


@dataclass
class Recorded:
    """One page as the house answered it."""

    size: int = 0
    """Bytes of its answer."""
    statements: list[Statement] = field(default_factory=list)
    questions: list[tuple[Any, Any]] = field(default_factory=list)
    """Selects and their parameters, lazy loads among them; what a select loads besides comes with it."""
    added: list[tuple[type, dict[str, Any]]] = field(default_factory=list)
    """Rows that were written: class and columns."""


def record(app: Flask, pages: list[Page], cookie: tuple[str, str]) -> dict[str, Recorded]:
    """Each page once it is warm, by its name."""
    client = app.test_client()
    client.set_cookie(*cookie)
    found = {}
    for page in pages:
        for _ in range(3):
            with statements_of(app) as statements, _asked_of_the_mapper() as one:
                answer = client.open(page.path, method="POST" if page.form else "GET", data=page.form)
            if answer.status_code >= 400:
                raise RuntimeError(f"{page.name} was answered with {answer.status_code}")
            one.size, one.statements = len(answer.data), statements
        found[page.slug] = one
    return found


@contextmanager
def _asked_of_the_mapper() -> Iterator[Recorded]:
    one = Recorded()

    def ask(state: ORMExecuteState) -> None:
        # Collections that a select loads along come again with it when it is asked again.
        if not state.is_relationship_load or state.lazy_loaded_from is not None:
            one.questions.append((state.statement, state.parameters))

    def add(session: Session, _context: Any) -> None:
        if session.dirty:
            raise RuntimeError("rows that are changed cannot be written again by the bare view")
        one.added += [(type(row), _columns_of(row)) for row in session.new]

    event.listen(Session, "do_orm_execute", ask)
    event.listen(Session, "after_flush", add)
    try:
        yield one
    finally:
        event.remove(Session, "do_orm_execute", ask)
        event.remove(Session, "after_flush", add)


def _columns_of(row: Any) -> dict[str, Any]:
    """What was written; numbers that the database itself counts are left to it."""
    state = inspect(row)
    written: Mapping[str, Any] = {
        each.key: state.dict[each.key] for each in state.mapper.column_attrs if each.key in state.dict
    }
    counted = {column.name for column in state.mapper.primary_key if column.type.python_type is int}
    return {name: value for name, value in written.items() if name not in counted}
