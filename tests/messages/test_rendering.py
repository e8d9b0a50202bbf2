"""How facts become words: money, dates, links, lines, and templates that ask for what is not there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from jinja2 import UndefinedError

from discount_broker.kernel.money import Money
from discount_broker.messaging.rendering import Renderer, clip, moment, money, one_line, percent, wrapped
from discount_broker.notifications.catalogue import ConfirmRequest, Wish, reductions

from .samples import PRODUCT, SITE, WISH

RU, EN = Locale.parse("ru_RU"), Locale.parse("en_GB")
NBSP = "\u00a0"


@dataclass(frozen=True, kw_only=True)
class Greeting:
    message: ClassVar[str] = "greeting"
    shop: str


def write_greeting(folder: Path, subject: str) -> None:
    parts = folder / "email" / "greeting"
    parts.mkdir(parents=True)
    (parts / "subject.txt").write_text(subject)
    (parts / "body.txt").write_text("Hello {{ m.shop }}")
    (parts / "body.html").write_text("<p>Hello {{ m.shop }}</p>")


@pytest.mark.parametrize(
    "asked_for", ["{{ m.shopp }}", "{{ shop }}", "{{ site.operator }}", "{% if m.nobody %}{% endif %}"]
)
def test_a_template_that_asks_for_a_fact_that_is_not_there_is_an_error(
    tmp_path: Path, asked_for: str
) -> None:
    write_greeting(tmp_path, asked_for)
    with pytest.raises(UndefinedError):
        Renderer(tmp_path).mail(Greeting(shop="Drill House"), "en", SITE)


def test_a_message_without_its_facts_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        ConfirmRequest(product=PRODUCT, wish=WISH)


def test_facts_are_escaped_in_html_and_only_there(tmp_path: Path) -> None:
    write_greeting(tmp_path, "For {{ m.shop }}")
    rendered = Renderer(tmp_path).mail(Greeting(shop="Nuts & <Bolts>"), "en", SITE)
    assert rendered.subject == "For Nuts & <Bolts>"
    assert rendered.text == "Hello Nuts & <Bolts>\n"
    assert "<p>Hello Nuts &amp; &lt;Bolts&gt;</p>" in (rendered.html or "")


def test_an_unknown_language_reads_english(tmp_path: Path) -> None:
    write_greeting(tmp_path, "{{ _('Not now') }}")
    assert Renderer(tmp_path).mail(Greeting(shop="x"), "fi", SITE).subject == "Not now"


@pytest.mark.parametrize(
    ("amount", "currency", "in_english", "in_russian"),
    [
        ("12990.00", "RUB", f"RUB{NBSP}12,990", f"12{NBSP}990{NBSP}₽"),
        ("12990.50", "RUB", f"RUB{NBSP}12,990.50", f"12{NBSP}990,50{NBSP}₽"),
        ("1299.9", "EUR", "€1,299.90", f"1{NBSP}299,90{NBSP}€"),
        ("0.99", "GBP", "£0.99", f"0,99{NBSP}£"),
        ("150000", "KZT", f"KZT{NBSP}150,000", f"150{NBSP}000{NBSP}KZT"),
    ],
)
def test_money_is_written_as_its_readers_write_it(
    amount: str, currency: str, in_english: str, in_russian: str
) -> None:
    value = Money(Decimal(amount), currency)
    assert (money(value, EN), money(value, RU)) == (in_english, in_russian)


@pytest.mark.parametrize(("value", "written"), [("10", "10%"), ("7.50", "7.5%"), ("12.25", "12.25%")])
def test_percentages_lose_nothing(value: str, written: str) -> None:
    assert percent(Decimal(value), EN) == written
    assert percent(Decimal(value), RU) == written.replace(".", ",").replace("%", f"{NBSP}%")


def test_times_are_told_with_the_place_whose_time_it_is() -> None:
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert moment(at, "Europe/Moscow", EN) == f"24{NBSP}November, 15:00 (Moscow)"
    assert moment(at, "UTC", EN) == f"24{NBSP}November, 12:00 (UTC)"
    in_samara = at.astimezone(ZoneInfo("Europe/Samara"))
    assert moment(in_samara, "Europe/Moscow", RU) == f"24{NBSP}ноября, 16:00 (Самара)"


def test_one_line_keeps_what_can_be_seen() -> None:
    assert one_line(" Дрель\t«Bosch»\n\x1b[31m\u2066 12\u00a0В\u200d ") == "Дрель «Bosch» [31m 12\u00a0В"


def test_clip_cuts_between_words_and_inside_one_that_never_ends() -> None:
    assert clip("one two three", 13) == "one two three"
    assert clip("one two three", 9) == "one two…"
    assert clip("x" * 50, 10) == "x" * 9 + "…"


def test_wrapping_keeps_links_whole_and_indents_lists() -> None:
    link = "https://shop.example/" + "x" * 100
    folded = wrapped(f"{link}\n\n\n\n- {'word ' * 20}\n").split("\n")
    assert folded[0] == link
    assert folded[1] == ""
    assert folded[2].startswith("- word")
    assert folded[3].startswith("  word")


@pytest.mark.parametrize(
    ("wish", "price", "codes"),
    [
        (Wish(percent=Decimal(10)), PRODUCT.price, ["percent-10", "percent-5"]),
        (Wish(percent=Decimal("7.50")), None, ["percent-7.5", "percent-4"]),
        (Wish(percent=Decimal(1)), None, ["percent-1"]),
        (Wish(price=Money(Decimal("11500.00"), "RUB")), PRODUCT.price, ["price-11500", "price-12245"]),
        (Wish(price=Money(Decimal("99.90"), "EUR")), None, ["price-99.9"]),
        (Wish(price=Money(Decimal(99), "EUR")), PRODUCT.price, ["price-99"]),
        (Wish(price=Money(Decimal(12989), "RUB")), PRODUCT.price, ["price-12989"]),
    ],
)
def test_a_shop_can_answer_with_the_wish_or_half_of_it(
    wish: Wish, price: Money | None, codes: list[str]
) -> None:
    assert [answer.code for answer in reductions(wish, price)] == codes
