"""What is compared: each set of pages, who reads it, and the figures that tell how well."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.discovery import judging, learnt, ours, peers, products, simple
from benchmarks.discovery.judging import Figures, Item, Judge
from benchmarks.discovery.peers import Peer, Reader

EXPRESSION = "plain expression"
RENDERED = "expression on text"
MATCHER = "phonenumbers matcher"


@dataclass(frozen=True)
class Rival:
    """Who reads the same pages."""

    name: str
    make: Callable[[], Reader]
    peer: Peer | None = None
    """What has to be installed."""
    is_slow: bool = False
    """Reads a sample of the pages; we are measured on the same sample too."""
    knows_pages: bool = False
    """It was trained on them: shown, and not compared with."""


@dataclass(frozen=True)
class Row:
    name: str
    figure: str
    """As the scorers name it."""
    wanted: float | None = None
    """What this project wants to reach."""


@dataclass(frozen=True)
class Contest:
    title: str
    sets: tuple[str, ...]
    items: Callable[[str], list[Item]]
    judge: Judge
    read: Reader
    rivals: tuple[Rival, ...]
    rows: tuple[Row, ...]
    published: tuple[str, Figures] | None = None
    """Whose figures come from elsewhere, and which."""
    unseen: Callable[[str], Figures] | None = None
    """Our figures by models that have not learnt from the sites they judge, where we learn at all."""


def _simple(name: str, read: Reader) -> Rival:
    return Rival(name, lambda: read)


FORMASAURUS = Rival(str(peers.FORMASAURUS), peers.formasaurus_forms, peers.FORMASAURUS)
FORMASAURUS_TRAINED_HERE = Rival(
    f"{peers.FORMASAURUS} (knows these)", peers.formasaurus_forms, peers.FORMASAURUS, knows_pages=True
)
EXTRACT_EMAILS = Rival(str(peers.EXTRACT_EMAILS), peers.extract_emails, peers.EXTRACT_EMAILS, is_slow=True)
EXTRUCT = Rival("extruct + price-parser", products.extruct_products, peers.EXTRUCT)
PRICE_PARSER = Rival(str(peers.PRICE_PARSER), peers.price_parser_prices, peers.PRICE_PARSER)
CROSS_VALIDATED: Figures = {
    "kind.accuracy": 0.885,
    "contact_page.precision": 0.71,
    "contact_page.recall": 0.96,
    "role.accuracy": 0.80,
    "form_usable.accuracy": 0.67,
}
"""Formasaurus on the same pages, each read by a model that was trained without the page's site."""


def _forms(kind: float, role: float) -> tuple[Row, ...]:
    return (
        Row("kind of form: accuracy", "kind.accuracy", kind),
        Row("contact form of a page: precision", "contact_page.precision", 0.92),
        Row("contact form of a page: recall", "contact_page.recall", 0.95),
        Row("role of a field: accuracy", "role.accuracy", role),
        Row("every needed field right", "form_usable.accuracy", 0.85),
    )


MODERN_FORMS = (
    Row("contact form of a page: precision", "contact_page.precision", 0.90),
    Row("contact form of a page: recall", "contact_page.recall", 0.95),
)
EMAILS = (
    Row("precision", "email.precision", 0.97),
    Row("recall", "email.recall", 0.95),
    Row("the best address first", "best.accuracy", 0.93),
)
PHONES = (Row("precision", "phone.precision", 0.98), Row("recall", "phone.recall", 0.93))
MESSENGERS = (
    Row("precision", "messenger.precision"),
    Row("recall", "messenger.recall"),
    Row("F1", "messenger.f1", 0.95),
)
PRODUCTS = (
    Row("product page or not: F1", "product served.f1", 0.95),
    Row("price", "price served.accuracy", 0.88),
    Row("currency", "currency served.accuracy", 0.95),
    Row("title", "title served.accuracy", 0.90),
    Row("availability", "availability served.accuracy", 0.75),
    Row("blind: product page or not: F1", "product blind.f1"),
    Row("blind: price", "price blind.accuracy", 0.80),
    Row("blind: currency", "currency blind.accuracy"),
    Row("blind: title", "title blind.accuracy", 0.80),
    Row("blind: availability", "availability blind.accuracy"),
)
PRICES = (
    Row("amount", "amount.accuracy", 0.99),
    Row("currency", "currency.accuracy", 0.95),
    Row("none invented", "invented.accuracy"),
)

CONTESTS = (
    Contest(
        "Forms of real pages",
        ("forms",),
        judging.form_items,
        judging.judge_forms,
        ours.forms,
        (FORMASAURUS_TRAINED_HERE,),
        _forms(0.93, 0.92),
        ("Formasaurus, unseen sites", CROSS_VALIDATED),
        unseen=learnt.unseen,
    ),
    Contest(
        "Forms of Russian pages",
        ("ru_forms",),
        judging.form_items,
        judging.judge_forms,
        ours.forms,
        (FORMASAURUS,),
        _forms(0.92, 0.90),
        unseen=learnt.unseen,
    ),
    Contest(
        "Forms of newer pages",
        ("forms2",),
        judging.form_items,
        judging.judge_forms,
        ours.forms,
        (FORMASAURUS,),
        MODERN_FORMS,
        unseen=learnt.unseen,
    ),
    Contest(
        "E-mail addresses",
        ("emails", "ru_pages"),
        judging.email_items,
        judging.judge_emails,
        ours.emails,
        (EXTRACT_EMAILS, _simple(RENDERED, simple.emails)),
        EMAILS,
    ),
    Contest(
        "Phone numbers",
        ("ru_pages",),
        judging.phone_items,
        judging.judge_phones,
        ours.phones,
        (_simple(MATCHER, simple.matched_phones), _simple(RENDERED, simple.phones)),
        PHONES,
    ),
    Contest(
        "Messengers",
        ("ru_pages",),
        judging.messenger_items,
        judging.judge_messengers,
        ours.messengers,
        (_simple(EXPRESSION, simple.messengers),),
        MESSENGERS,
    ),
    Contest(
        "Products",
        ("products", "ru_products"),
        judging.product_items,
        judging.judge_products,
        ours.product,
        (EXTRUCT,),
        PRODUCTS,
    ),
    Contest(
        "Prices as written",
        ("prices",),
        judging.price_items,
        judging.judge_prices,
        ours.price,
        (PRICE_PARSER,),
        PRICES,
    ),
)
