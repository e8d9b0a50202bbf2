"""What has happened outside is written down, if need be at the second try."""

import pytest
from sqlalchemy.exc import OperationalError

from discount_broker.kernel.transaction import until_written


class Database:
    """Locked for the first few tries."""

    def __init__(self, locked_for: int) -> None:
        self.tries, self._locked_for = 0, locked_for

    def write(self) -> str:
        self.tries += 1
        if self.tries <= self._locked_for:
            raise OperationalError("UPDATE delivery", {}, Exception("database is locked"))
        return "written"


def test_a_database_that_was_locked_is_written_to_once_it_is_free() -> None:
    database = Database(locked_for=1)
    assert until_written(database.write) == "written"
    assert database.tries == 2


def test_a_mistake_of_our_own_is_not_repeated() -> None:
    tries = []

    def divide() -> float:
        tries.append(1)
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        until_written(divide)
    assert len(tries) == 1
