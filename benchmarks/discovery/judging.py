"""Labelled pages of each set, and the figures that the scorers give to what a reader read of them."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.discovery.corpus import folder_of, page, rows, scorer
from benchmarks.discovery.ours import Answer

Item = tuple[Any, Any]
"""What is read (a page, a text) and what a person said of it."""
Read = Sequence[tuple[Item, Answer]]
Figures = dict[str, float]
Judge = Callable[[Read], Figures]


def form_items(set_name: str) -> list[Item]:
    pages, forms = scorer("score_forms").load(folder_of(set_name))
    return [(page(set_name, row), (row, forms.get(row["html"], []))) for row in pages]


def judge_forms(read: Read) -> Figures:
    judge, report = scorer("score_forms"), _report()
    for (_, (row, labelled)), answer in read:
        pairs = judge.aligned(row, labelled, answer["forms"])
        for form, found in zip(labelled, pairs, strict=True):
            if not form["annotated"]:
                continue
            judge.score_kind(report, form, found or {}, ())
            judge.score_contact(report, form, found or {}, ())
            if form.get("contact_subtype") in judge.TO_OWNER:
                judge.score_roles(report, form, found or {}, ())
        judge.score_page(report, row, labelled, pairs, ())
    return _figures(report)


def email_items(set_name: str) -> list[Item]:
    return _items(set_name, "emails")


def judge_emails(read: Read) -> Figures:
    judge, report = scorer("score_emails"), _report()
    for (_, row), answer in read:
        judge.score(report, row, answer)
    return _figures(report)


def phone_items(set_name: str) -> list[Item]:
    return _items(set_name, "phones")


def judge_phones(read: Read) -> Figures:
    judge, report = scorer("score_phones"), _report()
    for (_, row), answer in read:
        judge.score_phones(report, row, answer)
    return _figures(report)


def messenger_items(set_name: str) -> list[Item]:
    return _items(set_name, "messengers")


def judge_messengers(read: Read) -> Figures:
    judge, report = scorer("score_phones"), _report()
    for (_, row), answer in read:
        judge.score_messengers(report, row, answer)
    return _figures(report)


def product_items(set_name: str) -> list[Item]:
    """Every page twice: as served, and the copy without metadata."""
    labelled = list(rows(set_name, "products"))
    return [(page(set_name, row, is_blind=blind), row) for blind in (False, True) for row in labelled]


def judge_products(read: Read) -> Figures:
    judge, report = scorer("score_products"), _report()
    for (seen, row), answer in read:
        judge.score(report, row, "blind" if seen.is_blind else "served", answer)
    return _figures(report)


def price_items(set_name: str) -> list[Item]:
    judge = scorer("score_prices")
    return [(row, row) for row in rows(set_name, "prices") if judge.judged(row)]


def judge_prices(read: Read) -> Figures:
    judge, report = scorer("score_prices"), _report()
    for (_, row), answer in read:
        judge.score(report, row, answer)
    return _figures(report)


def _items(set_name: str, list_name: str) -> list[Item]:
    return [(page(set_name, row), row) for row in rows(set_name, list_name)]


def _report() -> Any:
    return scorer("harness").Report()


def _figures(report: Any) -> Figures:
    figures: Figures = report.figures()
    return figures
