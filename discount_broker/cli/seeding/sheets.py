"""Tables as COPY reads them: written once with places for what is other in each copy, then filled in.

The driver need not be told each cell of a million cases by itself.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from sqlalchemy import Connection

from discount_broker.cli.seeding.pattern import Cell, Kept, KeptTable, Role

NOTHING = r"\N"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
ID = "\x01"
"""Stands before the rest of an id until the copy is known; it is in no text that people write."""
DIGITS_OF_COPY = 8


class Sheet:
    """All rows of one table: `%s` stands where a name, a time, a digest or an operator stood."""

    def __init__(self, table: KeptTable) -> None:
        self._table = table.name
        self._columns = ", ".join(f'"{column.name}"' for column in table.columns)
        self._slots: list[str] = []
        self._digests = [
            str(cell) for column in table.columns if column.role is Role.DIGEST for cell in column.cells
        ]
        rows = len(table.columns[0].cells) if table.columns else 0
        lines = ("\t".join(self._written(column, row) for column in table.columns) for row in range(rows))
        self._template = "".join(f"{line}\n" for line in lines)

    def _written(self, column: Kept, row: int) -> str:
        cell = column.cells[row]
        if cell is None:
            return NOTHING
        if column.role is Role.ID:
            return ID + str(cell)[DIGITS_OF_COPY:]
        if column.role in (Role.TIME, Role.OPERATOR, Role.DIGEST):
            self._slots.append(str(cell))
            return "%s"
        if row in column.phrases:
            self._slots += column.phrases[row].names
            return column.phrases[row].template.translate(ESCAPED)
        return str(cell).translate(ESCAPED).replace("%", "%%")

    def told(self, prefix: str, fresh: Mapping[Cell, Cell], copy: int) -> str:
        """The rows of one copy."""
        digests: dict[Cell, Cell] = {
            cell: sha256(f"{copy} {cell}".encode()).hexdigest() for cell in self._digests
        }
        words: Mapping[Cell, Cell] = {**fresh, **digests}
        return (self._template % tuple(map(words.__getitem__, self._slots))).replace(ID, prefix)

    def write(self, connection: Connection, text: str) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{self._table}" ({self._columns}) FROM STDIN') as lines,
        ):
            lines.write(text)


def escaped(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names as they stand in a line of COPY."""
    return ((old, new.translate(ESCAPED)) for old, new in names.items())
