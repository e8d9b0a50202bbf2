"""Doing what is due for each of many rows, so that one that breaks does not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.exc import OperationalError as DatabaseTrouble

log = logging.getLogger(__name__)
Row = TypeVar("Row")
__all__ = ["DatabaseTrouble", "for_each", "in_turn"]


def for_each(rows: Iterable[Row], act: Callable[[Row], int | None]) -> int:
    """Do it for every row, each in a transaction of its own; the sum of what that gave.

    What broke is logged with its row while the others are done, and raised in the end, so that the
    sweep counts as failed and a person looks. Rows are ids: a log names nobody.

    Raises:
        ExceptionGroup: of what broke.
        sqlalchemy.exc.OperationalError: the database is in trouble, and no row.

    """
    done, broke = 0, list[Exception]()
    for row in rows:
        try:
            done += act(row) or 0
        except DatabaseTrouble:
            raise
        except Exception as error:  # whatever it was, it is this row's: the next sweep tries it again
            log.exception("a sweep broke at %s and goes on with the others", row)
            broke.append(error)
    if broke:
        raise ExceptionGroup("a sweep could not do all that was due", broke)
    return done


def in_turn(*parts: Callable[[], int | None]) -> int:
    """Do several things that are due, though one before them broke; the sum of what they gave.

    Raises:
        ExceptionGroup: of what broke.
        sqlalchemy.exc.OperationalError: the database is in trouble, and none of them.

    """
    done, broke = 0, list[Exception]()
    for part in parts:
        try:
            done += part() or 0
        except DatabaseTrouble:
            raise
        except Exception as error:  # it is told with the others when they are done
            broke.append(error)
    if broke:
        raise ExceptionGroup("not all parts of a sweep could be done", broke)
    return done
