"""The peer of a page: its own statements said by the bare driver, and how the database answers them."""

import time
from collections.abc import Sequence
from typing import Any

import psycopg

from benchmarks.desk_visits import Statement

CLOSELY = "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY OFF) "


class Bare:
    """One connection that says what it is told and fetches what comes back."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))

    def milliseconds(self, statements: Sequence[Statement]) -> float:
        """What a page's statements take in one transaction, rows fetched and thrown away."""
        began = time.perf_counter()
        with self._connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.text.encode(), statement.parameters)
                if cursor.description is not None:
                    cursor.fetchall()
        self._connection.rollback()
        return (time.perf_counter() - began) * 1000

    def plan_of(self, statement: Statement) -> list[str]:
        """How the database answers it; nothing of it stays."""
        with self._connection.cursor() as cursor:
            cursor.execute((CLOSELY + statement.text).encode(), statement.parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        self._connection.rollback()
        return [str(row[0]) for row in rows]

    def close(self) -> None:
        self._connection.close()
