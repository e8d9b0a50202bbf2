"""`flask shops import`: take a list of companies into the catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app

from discount_broker.kernel.clock import utcnow
from discount_broker.shops.extract.directory import (
    BadEntry,
    DirectoryError,
    Entry,
    decode,
    looks_like_json,
    read_csv,
    read_json,
)
from discount_broker.shops.use_cases import ImportReport, import_companies

MOST_TOLD = 50
"""Entries that cannot be used, told one by one; the rest is counted."""


def register(app: Flask) -> None:
    app.cli.add_command(shops)


@click.group()
def shops() -> None:
    """The catalogue of shops."""


@shops.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "as_format", type=click.Choice(["csv", "json"]), help="Told from the file by default."
)
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and write nothing.")
def import_command(source: Path, as_format: str | None, *, dry_run: bool) -> None:
    """Add the companies of SOURCE: a CSV table, a JSON file or JSON lines, or a folder of JSON files.

    Nothing that is known is changed, and the same list twice adds nothing.
    """
    with current_app.app_context():
        try:
            report = import_companies(read_entries(source, as_format), utcnow(), is_dry=dry_run)
        except (DirectoryError, OSError) as error:
            raise click.ClickException(f"{source}: {error}") from None
    tell(report, is_dry=dry_run)


def read_entries(source: Path, as_format: str | None) -> Iterator[Entry | BadEntry]:
    """Every company of a file, or of the files of a folder, in the order of their names.

    Raises:
        DirectoryError, OSError

    """
    if not source.is_dir():
        yield from _read_file(source, as_format)
        return
    paths = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".json", ".jsonl", ".csv"))
    if not paths:
        raise DirectoryError("the folder holds no .json, .jsonl or .csv file")
    for path in paths:
        name = str(path.relative_to(source))
        try:
            for entry in _read_file(path, as_format):
                yield replace(entry, where=f"{name}, {entry.where}")
        except DirectoryError as error:
            yield BadEntry(name, str(error))


def _read_file(path: Path, as_format: str | None) -> Iterator[Entry | BadEntry]:
    text = decode(path.read_bytes())
    if not text.strip():
        raise DirectoryError("the file is empty")
    is_json = as_format == "json" or (as_format is None and looks_like_json(text))
    return read_json(text) if is_json else read_csv(text)


def tell(report: ImportReport, *, is_dry: bool) -> None:
    """What came of it; what could not be used goes to standard error."""
    for bad in report.bad[:MOST_TOLD]:
        click.echo(f"{bad.where}: {bad.why}", err=True)
    if len(report.bad) > MOST_TOLD:
        click.echo(f"and {len(report.bad) - MOST_TOLD} more of this kind", err=True)
    click.echo(
        f"{report.entries} entries: {report.shops_added} shops added, {report.shops_known} known; "
        f"{report.doors_added} doors added, {report.doors_known} known; {len(report.bad)} things not usable."
    )
    if is_dry:
        click.echo("Nothing was written: this was a dry run.")
