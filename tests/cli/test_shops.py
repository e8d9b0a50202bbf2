"""Taking lists of companies into the catalogue."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from discount_broker.kernel.db import db
from discount_broker.messaging.operations import suppress
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import find_shop_by_domain, list_doors
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from tests.builders import a_shop

TABLE = """domain;name;email;phone;country;form
tools.ru;Инструменты;"sales@tools.ru, privacy@tools.ru";8 (495) 123-45-67;RU;
https://www.teapots.example/start;Teapots;info@teapots.example;;;https://teapots.example/contact
"""


def run(app: Flask, path: Path, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["shops", "import", str(path), *options])


def a_file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def doors_of(domain: str) -> dict[str, float]:
    shop = find_shop_by_domain(domain)
    assert shop is not None, domain
    return {point.value: point.confidence for point in shop.contact_points}


def counted(model: type[Shop] | type[ContactPoint]) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("cp1251"),
        TABLE.replace(", privacy", " privacy").replace(";", ","),
        TABLE.replace(";", "\t").replace("\n", "\r\n"),
    ],
)
def test_a_table_is_read_in_whatever_spelling(app: Flask, tmp_path: Path, content: str | bytes) -> None:
    done = run(app, a_file(tmp_path, content))
    assert done.exit_code == 0, done.output
    shop = find_shop_by_domain("tools.ru")
    assert shop is not None
    assert (shop.name, shop.country, shop.home_url) == ("Инструменты", "RU", "https://tools.ru/")
    assert set(doors_of("tools.ru")) == {"sales@tools.ru", "privacy@tools.ru", "+74951234567"}
    assert set(doors_of("teapots.example")) == {"info@teapots.example", "https://teapots.example/contact"}
    assert "2 entries: 2 shops added, 0 known; 5 doors added, 0 known; 0 things not usable." in done.output


def test_the_privacy_office_comes_last_and_a_list_is_trusted_less_than_a_page(
    app: Flask, tmp_path: Path, now: datetime
) -> None:
    shop = a_shop(now, "tools.ru", emails=("sales@shop.ru",), forms=("https://tools.ru/ask",))
    run(app, a_file(tmp_path, TABLE))
    assert [door.value for door in list_doors(shop.id)] == [
        "sales@shop.ru", "sales@tools.ru", "https://tools.ru/ask", "privacy@tools.ru",
    ]  # fmt: skip


def test_what_was_found_and_what_people_said_stays(app: Flask, tmp_path: Path, now: datetime) -> None:
    shop = a_shop(
        now, "tools.ru", name="Our tools", country="KZ", emails=("sales@tools.ru", "privacy@tools.ru")
    )
    sales, privacy = shop.contact_points
    privacy.state, privacy.state_reason, privacy.source = ContactState.DEAD, "not_theirs", DoorSource.OPERATOR
    db.session.commit()
    run(app, a_file(tmp_path, TABLE))
    assert (shop.name, shop.country) == ("Our tools", "KZ")
    assert (sales.source, sales.confidence, sales.found_at) == (
        DoorSource.CRAWL, 0.9, "https://tools.ru/contacts",
    )  # fmt: skip
    assert (privacy.state, privacy.source) == (ContactState.DEAD, DoorSource.OPERATOR)


def test_the_same_list_twice_adds_nothing_and_a_dry_run_writes_nothing(app: Flask, tmp_path: Path) -> None:
    path = a_file(tmp_path, TABLE)
    dry = run(app, path, "--dry-run")
    assert "2 shops added" in dry.output
    assert (counted(Shop), counted(ContactPoint)) == (0, 0)
    run(app, path)
    before = (counted(Shop), counted(ContactPoint))
    again = run(app, path)
    assert "0 shops added, 2 known; 0 doors added, 5 known" in again.output
    assert (counted(Shop), counted(ContactPoint)) == before


def test_bad_lines_are_told_with_their_number_and_the_others_are_taken(app: Flask, tmp_path: Path) -> None:
    table = (
        "url,email,phone\n"
        "tools.ru,not an address,12\n"
        ",lonely@x.ru,\n"
        "javascript:alert(1),a@b.ru,\n"
        "127.0.0.1,a@b.ru,\n"
        "a.ru,b,c,d\n"
        "\n"
        "teapots.example,info@teapots.example,\n"
    )
    done = run(app, a_file(tmp_path, table))
    for told in (
        "line 2: “not” is no e-mail address",
        "line 2: “12” is no phone number we can read",
        "line 3: no site is named",
        "line 4: “javascript:alert(1)” is no site",
        "line 5: “127.0.0.1” is no site",
        "line 6: 4 cells, and the first line names 3 columns",
    ):
        assert told in done.output, told
    assert "6 entries: 2 shops added" in done.output
    assert doors_of("tools.ru") == {}


RECORD = {
    "slug": "tools", "name": "Tools Ltd", "web": "https://www.tools.example/",
    "email": "datenschutz@tools.example", "webform": "https://tools.example/privacy-request",
    "phone": "+49 30 901820", "fax": "+49 30 901821",
    "relevant-countries": ["de"], "suggested-transport-medium": "email",
    "sources": ["https://tools.example/imprint", "https://register.example/1"],
}  # fmt: skip


def test_a_record_of_an_open_directory_is_read(app: Flask, tmp_path: Path) -> None:
    done = run(app, a_file(tmp_path, json.dumps(RECORD), "tools.json"))
    assert done.exit_code == 0, done.output
    shop = find_shop_by_domain("tools.example")
    assert shop is not None
    assert (shop.name, shop.country) == ("Tools Ltd", "DE")
    assert doors_of("tools.example") == {
        "datenschutz@tools.example": 0.1, "https://tools.example/privacy-request": 0.1, "+4930901820": 0.3,
    }  # fmt: skip
    (mail,) = (point for point in shop.contact_points if point.kind is ContactKind.EMAIL)
    assert (mail.source, mail.found_at) == (DoorSource.DIRECTORY, "https://tools.example/imprint")


def test_folders_arrays_and_lines_of_json_are_read_alike(app: Flask, tmp_path: Path) -> None:
    others = [{**RECORD, "web": f"https://shop{n}.example"} for n in range(3)]
    folder = tmp_path / "companies" / "deep"
    folder.mkdir(parents=True)
    a_file(folder, json.dumps(RECORD), "one.json")
    a_file(folder, json.dumps([others[0], "nonsense"]), "two.json")
    a_file(folder, "\n".join([json.dumps(others[1]), "{broken", json.dumps(others[2])]), "three.jsonl")
    a_file(folder, "{broken", "four.json")
    a_file(folder, "readme", "readme.txt")
    done = run(app, tmp_path / "companies")
    assert "4 shops added" in done.output
    for told in (
        "deep/four.json: the file is not valid JSON",
        "deep/three.jsonl, line 2: this is not valid JSON",
        "deep/two.json, company 2: this is not a JSON object",
    ):
        assert told in done.output, told


def test_doors_of_an_alias_go_to_its_shop_and_of_a_stopped_shop_are_closed(
    app: Flask, tmp_path: Path, now: datetime
) -> None:
    shop = a_shop(now, "instrumenty.ru")
    a_shop(now, "tools.ru", merged_into=shop)
    suppress("shop:teapots.example", reason="reply", cause="", now=now)
    db.session.commit()
    run(app, a_file(tmp_path, TABLE))
    assert "sales@tools.ru" in {point.value for point in shop.contact_points}
    stopped = find_shop_by_domain("teapots.example")
    assert stopped is not None
    assert {point.state for point in stopped.contact_points} == {ContactState.STOPPED}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("name,email\nTools,a@b.ru\n", "names no column"),
        ("{broken", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        (b"\xff\xfe", "the file is empty"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(
    app: Flask, tmp_path: Path, content: str | bytes, said: str
) -> None:
    done = run(app, a_file(tmp_path, content))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_cell_of_a_million_letters_and_a_torn_quote_end_in_no_traceback(app: Flask, tmp_path: Path) -> None:
    done = run(app, a_file(tmp_path, 'domain,email\ntools.ru,"' + "a," * 1_000_000))
    assert done.exit_code == 0, done.output
    assert counted(Shop) == 1
