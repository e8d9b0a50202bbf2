"""Reading mail: bounces and replies of real corpora, ours beside flufl.bounce and two cutters of replies."""

import email
import gzip
import importlib
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.discovery.corpus import CORPORA, folder_of, rows, scorer
from benchmarks.discovery.table import Column, show
from discount_broker.cli.mail import describe
from discount_broker.outreach.inbound import read_inbound, read_inbound_text
from discount_broker.outreach.inbound.html_text import html_to_text
from tests.extract.hostile_mails import HUGE

PASSES = 3
BOUNCE_SETS, REPLY_SETS = ("bounces", "ru_mail"), ("replies", "ru_mail")
Answer = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A mail, or the body of one, and what is true of it."""

    row: dict[str, Any]
    raw: bytes
    """As it is stored."""

    @property
    def is_html(self) -> bool:
        return bool(self.row["kind"] == "html")

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


Reader = Callable[[Case], Answer]


def run() -> None:
    if not CORPORA.is_dir():
        print("  skipped: the mails are not here (../shared/corpora beside the repository)")
        return
    bounces, replies = list(_bounces()), list(_replies())
    print(f"  {len(bounces)} mails of {' and '.join(BOUNCE_SETS)}, {len(replies)} replies")
    _show_bounces(bounces)
    _show_replies(replies)
    _show_hostile()


def _bounces() -> Iterator[Case]:
    unjudged = scorer("score_bounces").UNJUDGED
    for name in BOUNCE_SETS:
        for row in rows(name, "bounces"):
            is_copy = "duplicate_of" in row or "copied_from" in row
            if row["truth"] and row["kind"] not in unjudged and not is_copy:
                yield Case(row, _content(name, row["file"]))


def _replies() -> Iterator[Case]:
    for name in REPLY_SETS:
        for row in rows(name, "replies"):
            if "copied_from" not in row:
                yield Case(row, _content(name, row["input"]))


def _content(set_name: str, name: str) -> bytes:
    content = (folder_of(set_name) / name).read_bytes()
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def _show_bounces(cases: list[Case]) -> None:
    columns = [_judged_bounces(name, read, cases) for name, read in _bounce_readers()]
    table = (
        ("bounces recognised: recall (wanted: 0.985)", "bounce.recall", None),
        ("bounces recognised: precision (0.995)", "bounce.precision", None),
        ("failed addresses right (0.975)", "recipients.accuracy", None),
        ("permanent or temporary right (0.975)", "permanent.accuracy", None),
        ("kind of mail right", "kind.accuracy", None),
        ("mails per second", "mails", None),
    )
    show("Bounces and other mail", table, columns[0], columns[1:])


def _show_replies(cases: list[Case]) -> None:
    columns = [_judged_replies(name, read, cases) for name, read in _reply_readers()]
    table = (
        ("cut exactly (wanted: 0.70)", "equal.accuracy", None),
        ("words of the reply: F1 (0.85)", "tokens.f1", None),
        ("cut exactly, text alone", "equal[form plain].accuracy", None),
        ("words, text alone: F1", "tokens[form plain].f1", None),
        ("people taken for people", "human.accuracy", None),
        ("mails per second", "mails", None),
    )
    show("Replies", table, columns[0], columns[1:])


def _bounce_readers() -> Iterator[tuple[str, Reader]]:
    yield "this project", lambda case: describe(read_inbound(case.raw))
    if peer := _peer("flufl.bounce"):
        yield "flufl.bounce", lambda case: _as_flufl_reads(peer, case.raw)


def _as_flufl_reads(peer: Any, raw: bytes) -> Answer:
    temporary, permanent = peer.all_failures(email.message_from_bytes(raw))
    addresses = [address.decode("utf-8", "replace") for address in (*permanent, *temporary)]
    bounce = {"recipients": addresses, "permanent": bool(permanent)} if addresses else None
    return {"kind": "bounce" if bounce else "human", "bounce": bounce}


def _reply_readers() -> Iterator[tuple[str, Reader]]:
    yield "this project", _as_we_cut
    if peer := _peer("mailparser_reply"):
        languages = list(importlib.import_module("mailparser_reply.constants").MAIL_LANGUAGES)
        parser = peer.EmailReplyParser(languages=languages)
        yield "mail-parser-reply", lambda case: {"reply_text": parser.parse_reply(_plain(case)) or ""}
    if quotequail := _peer("quotequail"):
        yield "quotequail", lambda case: {"reply_text": _as_quotequail_cuts(quotequail, _plain(case))}


def _as_we_cut(case: Case) -> Answer:
    if case.is_html:
        return describe(read_inbound(scorer("score_replies").message(case.text)))
    return describe(read_inbound_text(case.text))


def _as_quotequail_cuts(peer: Any, text: str) -> str:
    # With the line that announces a quote counted to the quote: the way that does it most good.
    cut = peer.quote(text, quote_intro_line=True)
    return "\n".join(part for is_shown, part in cut if is_shown)


def _plain(case: Case) -> str:
    """The others read text: of a page they get the one that we make of it."""
    return html_to_text(case.text) if case.is_html else case.text


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"  {name} is not installed: .venv-bench/bin/pip install -r benchmarks/requirements.txt")
        return None


def _judged_bounces(name: str, read: Reader, cases: list[Case]) -> Column:
    judge, report = scorer("score_bounces"), scorer("harness").Report()
    answers, speed = _answers(read, cases)
    for case, answer in zip(cases, answers, strict=True):
        judge.score(report, Counter(), case.row, answer)
    figures = report.figures()
    if name != "this project":
        # Those that read bounces alone tell no kinds.
        figures.pop("kind.accuracy")
    return Column(name, figures | {"mails": speed})


def _judged_replies(name: str, read: Reader, cases: list[Case]) -> Column:
    judge, report = scorer("score_replies"), scorer("harness").Report()
    sums: dict[str, list[float]] = {}
    answers, speed = _answers(read, cases)
    for case, answer in zip(cases, answers, strict=True):
        judge.score(report, sums, case.row, answer, case.text)
    figures = report.figures()
    for group, values in sums.items():
        figures["tokens.f1" if group == "all" else f"tokens[{group}].f1"] = statistics.mean(values)
    if name != "this project":
        figures.pop("human.accuracy")
    return Column(name, figures | {"mails": speed})


def _answers(read: Reader, cases: list[Case]) -> tuple[list[Answer], float]:
    """What a reader says, and how many mails it reads in a second of one core's time."""
    answers = [_read(read, case) for case in cases]
    seconds = []
    for _ in range(PASSES):
        began = time.process_time()
        for case in cases:
            _read(read, case)
        seconds.append(time.process_time() - began)
    return answers, len(cases) / statistics.median(seconds)


def _read(read: Reader, case: Case) -> Answer:
    try:
        return read(case)
    except Exception as error:  # a peer that falls over a mail has read nothing of it
        return {"error": str(error)}


def _show_hostile() -> None:
    took = {}
    for name, build in HUGE.items():
        content = build()
        began = time.process_time()
        read_inbound(content)
        took[name] = time.process_time() - began
    slowest = max(took, key=lambda name: took[name])
    print(f"\n{len(took)} mails made to take long, up to 25 MB: {took[slowest]:.2f} s at most ({slowest})")
