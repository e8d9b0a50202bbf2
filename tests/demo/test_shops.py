"""Each demo shop is reachable in its own way, and touchy in its own way."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from demo.shops.catalogue import PRODUCTS
from demo.shops.directory import SHOPS, Shop
from demo.shops.letterbox import Letter, Letterbox
from demo.shops.server import create_shops

FEEDBACK = {
    "fio": "Анна",
    "phone": "",
    "email": "anna@example.org",
    "text": "Есть скидка?",
    "agree": "Y",
    "website": "",
}


class Visitor:
    """A browser at one shop."""

    def __init__(self, client: FlaskClient, shop: str) -> None:
        self.client, self.base = client, f"http://{shop}.localhost:8081"

    def get(self, path: str):
        return self.client.get(path, base_url=self.base)

    def post(self, path: str, **what):
        return self.client.post(path, base_url=self.base, **what)


@pytest.fixture
def town(tmp_path: Path):
    return create_shops(tmp_path / "shops", tmp_path / "mailbox", "http://127.0.0.1:8080")


@pytest.fixture
def at(town):
    client = town.test_client()
    return lambda shop: Visitor(client, shop)


def letters(town, shop: str) -> list[Letter]:
    letterbox: Letterbox = town.extensions["letterbox"]
    return letterbox.letters(SHOPS[shop])


@pytest.mark.parametrize("shop", SHOPS.values(), ids=list(SHOPS))
def test_every_page_in_the_sitemap_of_every_shop_opens(at, shop: Shop):
    visitor = at(shop.key)
    paths = re.findall(rb"<loc>http://[^/]+(/[^<]*)</loc>", visitor.get("/sitemap.xml").data)
    assert len(paths) == 3 + len(shop.listings)
    assert {visitor.get(path.decode()).status_code for path in [*paths, b"/staff"]} == {200}


@pytest.mark.parametrize("shop", SHOPS.values(), ids=list(SHOPS))
def test_a_product_has_a_picture_drawn_for_the_shop(at, shop: Shop):
    page = html.fromstring(at(shop.key).get(shop.listings[0].path).data)
    picture = at(shop.key).get(page.cssselect("article img")[0].get("src"))
    assert picture.data.startswith(b"\x89PNG")


def test_a_page_nobody_has_is_said_to_be_missing(at):
    assert at("veter").get("/catalog/nothing").status_code == 404
    assert at("veter").get("/pictures/h7.png").status_code == 404


def test_localhost_itself_lists_all_shops(at):
    page = at("x").client.get("/", base_url="http://localhost:8081").text
    assert all(f"http://{shop.host}:8081/staff" in page for shop in SHOPS.values())


def test_search_finds_by_a_word_of_the_title(at):
    page = at("veter").get("/?q=палатка").text
    assert "Skarnfjell Duo 2" in page
    assert "City 3" not in page


def found_in_town(at, query: str, **more: str) -> list[str]:
    town = at("x").client
    asked = {"q": query, "format": "json", **more}
    found = town.get("/search", base_url="http://127.0.0.1:8081", query_string=asked)
    assert found.status_code == 200
    return [hit["url"] for hit in found.json["results"]]


def test_the_search_of_the_town_finds_every_shop_that_sells_a_thing(at):
    links = found_in_town(at, "Tonhall H7 купить")
    assert {link.split("/")[2].partition(".")[0] for link in links} == {
        shop.key for shop in SHOPS.values() if "h7" in shop.prices
    }
    assert all(at("x").client.get(link).status_code == 200 for link in links)
    assert found_in_town(at, PRODUCTS["h7"].gtin) == links
    assert found_in_town(at, "пылесос") == []


def test_the_search_of_the_town_refuses_as_searxng_does(at):
    town = at("x").client
    assert town.get("/search?format=json", base_url="http://127.0.0.1:8081").status_code == 400
    assert town.get("/search?q=x", base_url="http://127.0.0.1:8081").status_code == 403
    assert at("veter").get("/search?q=x&format=json").status_code == 404


def test_the_machine_readable_product_agrees_with_the_page(at):
    page = html.fromstring(at("veter").get("/catalog/norrvik-city-3").data)
    facts = json.loads(page.cssselect('script[type="application/ld+json"]')[0].text)
    assert (facts["name"], facts["offers"]["price"]) == (page.cssselect("h1")[0].text, "48990")
    assert facts["gtin13"] == SHOPS["sklad5"].listings[0].product.gtin


def test_the_old_shop_speaks_windows_1251(at):
    page = at("zvukovik").get("/catalog/tonhall-h7")
    assert page.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert "Беспроводные наушники" in page.data.decode("windows-1251")


def send_feedback(visitor: Visitor, **changed: str):
    form = html.fromstring(visitor.get("/contacts").data).cssselect("form.feedback")[0]
    sent = FEEDBACK | {"sessid": form.fields["sessid"]} | changed
    pairs = "&".join(f"{name}={_quoted(value)}" for name, value in sent.items())
    return visitor.post("/contacts/send", data=pairs, content_type="application/x-www-form-urlencoded")


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("windows-1251"))


def test_the_form_with_a_token_takes_a_message_in_its_own_charset(town, at):
    answer = send_feedback(at("zvukovik"))
    assert (answer.status_code, answer.location) == (303, "/contacts?sent=ok")
    assert "Сообщение: Есть скидка?" in letters(town, "zvukovik")[0].text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"sessid": "0" * 32}, 403),
        ({"website": "https://spam.example"}, 422),
        ({"agree": ""}, 422),
        ({"fio": " "}, 422),
    ],
    ids=["stale token", "trap field", "no consent", "no name"],
)
def test_the_form_with_a_token_refuses_what_a_careless_robot_sends(town, at, changed, status):
    assert send_feedback(at("zvukovik"), **changed).status_code == status
    assert letters(town, "zvukovik") == []


def test_a_token_of_another_visitor_is_refused(town, at):
    stranger = town.test_client()
    form = html.fromstring(stranger.get("/contacts", base_url=at("zvukovik").base).data).cssselect(
        "form.feedback"
    )[0]
    assert send_feedback(at("zvukovik"), sessid=form.fields["sessid"]).status_code == 403


def test_the_form_for_scripts_answers_in_json(town, at):
    message = {"name": "Анна", "email": "anna@example.org", "phone": "", "message": "Есть скидка?"}
    answer = at("teplodom").post("/api/feedback", data=message, content_type="multipart/form-data")
    assert answer.json["success"]
    assert letters(town, "teplodom")[0].sender == "anna@example.org"


def test_the_form_for_scripts_names_what_is_missing(town, at):
    answer = at("teplodom").post("/api/feedback", data={"name": "Анна"})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"message", "email"})
    assert letters(town, "teplodom") == []


def test_the_captcha_lets_nobody_through_who_cannot_read_it(town, at):
    visitor = at("kontora")
    visitor.get("/contacts")
    assert visitor.get("/captcha.png").data.startswith(b"\x89PNG")
    message = {"name": "A", "email": "a@example.org", "message": "Здравствуйте", "captcha_word": "1"}
    refused = visitor.post("/feedback.php", data=message)
    assert refused.status_code == 422
    assert "Здравствуйте" in refused.text, "what was typed is kept"
    assert letters(town, "kontora") == []


def test_a_form_belongs_to_one_shop(at):
    assert at("veter").post("/contacts/send").status_code == 404
    assert at("zvukovik").post("/api/feedback").status_code == 404


def test_the_harbour_shuts_its_contact_page_to_robots_and_names_no_address_elsewhere(at):
    visitor, shop = at("harbour"), SHOPS["harbour"]
    assert "Disallow: /contact" in visitor.get("/robots.txt").text
    open_pages = [visitor.get(path).text for path in ("/", "/delivery", shop.listings[0].path)]
    assert not any(shop.mail in page or shop.phone in page for page in open_pages)


def test_hidden_addresses_are_not_written_out(at):
    assert SHOPS["zvukovik"].mail not in at("zvukovik").get("/contacts").data.decode("windows-1251")
    assert SHOPS["sklad5"].mail not in at("sklad5").get("/contacts").text


@pytest.mark.parametrize("shop", [shop for shop in SHOPS.values() if shop.feed], ids=lambda shop: shop.key)
def test_a_feed_lists_every_product_with_an_address_that_opens(at, shop: Shop):
    feed = at(shop.key).get(shop.feed)
    paths = re.findall(rb">http://[^/<]+(/(?:catalog|products)/[^<]+)<", feed.data)
    assert [path.decode() for path in paths] == [listing.path for listing in shop.listings]
    assert at(shop.key).get(paths[0].decode()).status_code == 200


def test_what_a_stranger_writes_is_shown_as_text_with_links_to_press(town, at):
    message = {"name": "<script>x</script>", "phone": "1", "message": "http://127.0.0.1:8080/o/abc."}
    at("teplodom").post("/api/feedback", data=message)
    page = at("teplodom").get("/staff").text
    assert "<script>x" not in page
    assert 'href="http://127.0.0.1:8080/o/abc"' in page


def test_every_gtin_has_its_check_digit():
    for product in PRODUCTS.values():
        digits = [int(digit) for digit in product.gtin]
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
