"""The table of what was found on real sites, and its totals."""

from collections import Counter
from collections.abc import Iterable
from io import StringIO
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from tests.real.walk import Walk

COLUMNS = ("site", "", "product", "price", "e-mails", "forms", "other", "taken by", "outcome", "pages", "s")
WIDTH = 190


def report(walks: list[Walk], seconds: float) -> str:
    """Everything as text, a line a site."""
    table = Table(*COLUMNS, box=None, pad_edge=False)
    for made in sorted(walks, key=lambda made: (not made.is_russian, made.domain)):
        table.add_row(*_cells(made))
    out = StringIO()
    console = Console(file=out, width=WIDTH, markup=False, emoji=False)
    console.print(table)
    for line in totals(walks, seconds):
        console.print(line, highlight=False)
    return out.getvalue()


def totals(walks: list[Walk], seconds: float) -> list[str]:
    asked = [made for made in walks if made.is_asked]
    channels = [channel for made in asked for channel, _ in made.sent]
    pages = {
        has_doors: [sum(made.pages_of_crawls) for made in asked if made.has_doors is has_doors]
        for has_doors in (True, False)
    }
    facts = {
        "sites": f"{len(walks)} in {seconds:.0f} s; {len(asked)} asked, "
        f"{sum(made.is_russian for made in asked)} of them Russian",
        "product read": f"{_share([bool(made.product) for made in walks])}; otherwise "
        f"{_counts(made.reading_failure for made in walks if made.reading_failure)}",
        "a door found": f"{_share([made.has_doors for made in asked])}; "
        f"e-mail {sum(bool(made.emails) for made in asked)}, form {sum(bool(made.forms) for made in asked)}",
        "a message taken": f"{_share([bool(made.sent) for made in asked])}; messages {_counts(channels)}",
        "cases": _counts(made.case_reason for made in asked),
        "not taken": _counts(failed for made in asked for failed in made.failed),
        "pages a crawl": _spread(pages[True] + pages[False]),
        "where doors were found": _spread(pages[True]),
        "where none were": _spread(pages[False]),
    }
    return [f"{name}: {said}" for name, said in facts.items()]


def _spread(pages: list[int]) -> str:
    if not pages:
        return "no crawl"
    return f"median {median(pages):g}, mean {mean(pages):.1f}, at most {max(pages)}; {len(pages)} crawls"


def _cells(made: Walk) -> list[str]:
    product = made.product or f"({made.reading_failure})"
    return [
        made.domain[:30],
        "ru" if made.is_russian else "",
        product[:40],
        made.price,
        str(len(made.emails)),
        str(len(made.forms)),
        str(made.others),
        made.doors_used,
        made.outcome,
        str(sum(made.pages_of_crawls)),
        f"{made.seconds:.2f}",
    ]


def _share(flags: list[bool]) -> str:
    return f"{sum(flags)} of {len(flags)}"


def _counts(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in Counter(names).most_common()) or "none"
