"""What every SearchEngine does, each adapter against a server that answers as its service does."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from discount_broker.adapters.search import BraveSearch, SearxngSearch
from discount_broker.adapters.search.service import LARGEST, Service, shortened
from discount_broker.discovery.ports import SearchEngine, SearchHit, SearchUnavailable
from tests.contract.search_services import (
    ENGINES,
    FOLDER,
    KEY,
    Engine,
    Found,
    as_json,
    brave_is_busy,
)
from tests.contract.servers import LocalSite, dead_place, serving, talking
from tests.fakes import Answer, Asked, Site, redirect
from tests.searching import FakeSearch

FOUND: Found = (
    ("https://tools.ru/p/1?utm_source=x", "Дрель Bosch GSR 12V-15 & кейс", "Купить дрель <недорого>"),
    ("https://www.drills.de/gsr", "Bosch GSR 12V-15", "129,90 EUR"),
)
Serve = Callable[[Site], LocalSite]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as running:
        yield lambda site: running.enter_context(serving(site))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture(params=[*ENGINES, "fake"])
def finding(request: pytest.FixtureRequest, serve: Serve) -> Callable[[Found], SearchEngine]:
    """A way to make an engine that finds these hits."""

    def make(found: Found) -> SearchEngine:
        if request.param == "fake":
            return FakeSearch([(url.partition("?")[0], title) for url, title, _ in found])
        engine = ENGINES[request.param]
        return engine.make(serve(lambda _: engine.finds(found)).place)

    return make


def ask(engine: SearchEngine, query: str = "Bosch GSR 12V-15 купить") -> list[SearchHit]:
    return engine.search(query, language="ru", country="RU")


def why_unavailable(engine: SearchEngine) -> SearchUnavailable:
    with pytest.raises(SearchUnavailable) as unavailable:
        ask(engine)
    return unavailable.value


def test_hits_come_in_the_order_of_the_engine_with_clean_links(
    finding: Callable[[Found], SearchEngine],
) -> None:
    hits = ask(finding(FOUND))
    assert [(hit.url, hit.title) for hit in hits] == [
        ("https://tools.ru/p/1", "Дрель Bosch GSR 12V-15 & кейс"),
        ("https://www.drills.de/gsr", "Bosch GSR 12V-15"),
    ]


def test_nothing_found_is_an_empty_list(finding: Callable[[Found], SearchEngine]) -> None:
    assert ask(finding(())) == []


def test_the_text_below_a_hit_is_plain(engine: Engine, serve: Serve) -> None:
    found = ask(engine.make(serve(lambda _: engine.finds(FOUND)).place))
    assert found[0].text == "Купить дрель <недорого>"


def test_names_in_other_alphabets_are_spelt_in_ascii(engine: Engine, serve: Serve) -> None:
    site = serve(lambda _: engine.finds([("https://дрели.рф/купить", "Дрели", "")]))
    (hit,) = ask(engine.make(site.place))
    assert hit.url.startswith("https://xn--d1acjlx.xn--p1ai/")


def test_what_is_no_web_page_is_left_out(engine: Engine, serve: Serve) -> None:
    odd = [(url, "x", "") for url in ("javascript:alert(1)", "ftp://a.ru/", "https://", "http://[/", "")]
    assert ask(engine.make(serve(lambda _: engine.finds([*odd, *FOUND[:1]])).place)) == [
        SearchHit("https://tools.ru/p/1", "Дрель Bosch GSR 12V-15 & кейс", "Купить дрель <недорого>")
    ]


def test_the_query_arrives_whole_and_the_key_in_its_header(engine: Engine, serve: Serve) -> None:
    site = serve(lambda _: engine.finds(()))
    ask(engine.make(site.place), "Дрель Bosch & Co «GSR» купить")
    (asked,) = site.asked
    assert asked.path == engine.path
    assert engine.query_of(asked) == "Дрель Bosch & Co «GSR» купить"
    assert KEY not in asked.url
    if engine.key_header:
        assert asked.headers[engine.key_header].endswith(KEY)


def test_a_query_is_no_longer_than_every_engine_takes_it(engine: Engine, serve: Serve) -> None:
    site = serve(lambda _: engine.finds(()))
    ask(engine.make(site.place), " ".join(["слово"] * 200))
    ask(engine.make(site.place), "х" * 1000)
    for asked in site.asked:
        query = engine.query_of(asked)
        assert len(query) <= 400
        assert len(query.split()) <= 40


@pytest.mark.parametrize(
    ("name", "answer", "why", "is_final"),
    [(name, *refusal) for name, engine in ENGINES.items() for refusal in engine.refusals],
)
def test_a_refusal_says_why_and_whether_asking_again_is_any_use(
    name: str, answer: Answer, why: str, is_final: bool, serve: Serve
) -> None:
    unavailable = why_unavailable(ENGINES[name].make(serve(lambda _: answer).place))
    assert (unavailable.why, unavailable.is_final) == (why, is_final)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>maintenance</html>", 200),
        Answer(b"[]", 200, "application/json"),
        Answer(b"[" * 100_000, 200, "application/json"),
        as_json({"error": "oops"}, 502),
    ],
)
def test_nonsense_is_a_fault_that_may_pass(answer: Answer, engine: Engine, serve: Serve) -> None:
    unavailable = why_unavailable(engine.make(serve(lambda _: answer).place))
    assert (unavailable.why, unavailable.is_final) == ("engine_faulty", False)


@pytest.mark.parametrize("name", ["searxng", "brave", "serper"])
@pytest.mark.parametrize("rows", [None, "x", 7, [None, 3, "x", {}, {"url": 5, "link": []}]])
def test_rows_that_are_none_are_left_out(name: str, rows: object, serve: Serve) -> None:
    answer = as_json({"results": rows, "organic": rows, "web": {"results": rows}})
    assert ask(ENGINES[name].make(serve(lambda _: answer).place)) == []


def test_an_engine_that_is_away_is_unavailable(engine: Engine) -> None:
    assert why_unavailable(engine.make(dead_place())).why == "engine_unreachable"


def test_the_key_goes_to_nobody_else(engine: Engine, serve: Serve) -> None:
    stranger = serve(lambda _: engine.finds(FOUND))
    site = serve(lambda _: redirect(f"http://{stranger.place}{engine.path}", 308))
    assert why_unavailable(engine.make(site.place)).why == "engine_faulty"
    assert stranger.asked == []


def test_an_endless_answer_is_cut_off(engine: Engine, serve: Serve) -> None:
    answer = Answer(b" " * (LARGEST + 1), 200, "application/json")
    assert why_unavailable(engine.make(serve(lambda _: answer).place)).why == "engine_unreachable"


def test_an_answer_that_never_ends_is_waited_for_no_longer_than_agreed() -> None:
    with talking(lambda connection: connection.recv(1)) as place:
        service = Service(f"http://{place}/search", seconds=0.2)
        with pytest.raises(SearchUnavailable, match="engine_too_slow"):
            service.get({"q": "x"})


def test_neither_key_nor_query_stands_in_the_log(
    engine: Engine, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for place in (serve(lambda _: Answer(b"no", 500)).place, dead_place()):
            why_unavailable(engine.make(place))
    assert KEY not in caplog.text
    assert "GSR" not in caplog.text
    assert KEY not in repr(vars(engine.make("127.0.0.1:1")))


def test_brave_is_asked_again_when_only_the_second_was_full(serve: Serve) -> None:
    answers = [brave_is_busy("0, 14000", "1, 1234567"), ENGINES["brave"].finds(FOUND)]
    pauses: list[float] = []
    site = serve(lambda _: answers.pop(0))
    found = ask(BraveSearch(KEY, f"http://{site.place}/res/v1/web/search", pause=pauses.append))
    assert (len(found), pauses) == (2, [1.0])


def test_brave_searches_the_world_for_countries_it_does_not_know(serve: Serve) -> None:
    site = serve(lambda _: ENGINES["brave"].finds(()))
    engine = ENGINES["brave"].make(site.place)
    for country in ("KZ", None, "DE"):
        engine.search("x", language="en", country=country)
    assert ["country=ALL" in asked.url for asked in site.asked] == [True, True, False]


def test_yandex_groups_by_domain_and_names_a_region_to_the_russian_search_alone(serve: Serve) -> None:
    site = serve(lambda _: ENGINES["yandex"].finds(()))
    engine = ENGINES["yandex"].make(site.place)
    for language, country in (("ru", "RU"), ("ru", None), ("en", "DE"), ("ru", "KZ")):
        engine.search("x", language=language, country=country)
    bodies = [asked.body.decode() for asked in site.asked]
    assert all('"GROUP_MODE_DEEP"' in body and f'"folderId": "{FOLDER}"' in body for body in bodies)
    assert ['"region"' in body for body in bodies] == [True, False, False, False]
    types = ("SEARCH_TYPE_RU", "SEARCH_TYPE_RU", "SEARCH_TYPE_COM", "SEARCH_TYPE_KK")
    assert all(f'"{kind}"' in body for kind, body in zip(types, bodies, strict=True))


def test_searxng_is_asked_at_search_whatever_its_address_ends_with(serve: Serve) -> None:
    def answer(asked: Asked) -> Answer:
        return ENGINES["searxng"].finds(FOUND) if asked.path == "/searx/search" else redirect("/search", 308)

    site = serve(answer)
    for end in ("/searx", "/searx/", "/searx/search"):
        assert len(ask(SearxngSearch(f"http://{site.place}{end}"))) == 2


def test_a_query_is_cut_between_words() -> None:
    assert shortened("  a   b ") == "a b"
    assert shortened("слово " * 90) == " ".join(["слово"] * 40)
    assert shortened(f"{'a' * 300} {'b' * 300}") == "a" * 300
