"""The demonstration as a whole: alone in its folder, on ports that are free, with settings that fit."""

import io
import socket
from pathlib import Path

import pytest
from rich.console import Console

from demo import words
from demo.guide import show_guide
from demo.place import ROOT, Place
from demo.ports import Claims
from demo.shops.directory import SHOPS
from demo.supervisor import CannotRun, choose_ports, empty, is_running, sole_owner
from discount_broker.settings import Settings


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=60)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_second_demonstration_in_the_same_folder_is_told_so(tmp_path: Path):
    assert not is_running(tmp_path)
    with sole_owner(tmp_path):
        assert is_running(tmp_path)
        with pytest.raises(CannotRun, match=str(tmp_path)), sole_owner(tmp_path):
            pass
    assert not is_running(tmp_path)


def test_a_taken_port_is_named_and_another_one_used(tmp_path: Path, console: Console):
    place = Place(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place.ports.shops = taken.getsockname()[1]
        with Claims() as claims:
            choose_ports(place, console, claims)
        assert place.ports.shops != taken.getsockname()[1]
        assert str(taken.getsockname()[1]) in printed(console)
    assert len(set(vars(place.ports).values())) == 4


def test_two_demonstrations_that_start_at_once_get_ports_of_their_own(tmp_path: Path, console: Console):
    first, second = Place(tmp_path / "first"), Place(tmp_path / "second")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        first.ports.web = second.ports.web = free.getsockname()[1]
    with Claims() as claims, Claims() as others:
        choose_ports(first, console, claims)
        choose_ports(second, console, others)  # nothing listens yet
    assert not set(vars(first.ports).values()) & set(vars(second.ports).values())


def test_what_one_start_remembers_the_next_one_knows(tmp_path: Path):
    first = Place(tmp_path)
    first.ports.web = 9999
    first.save()
    second = Place(tmp_path).load()
    assert second.remembered == first.remembered
    assert (tmp_path / "place.json").stat().st_mode & 0o077 == 0, "it holds a password"


def test_a_fresh_start_forgets_everything(tmp_path: Path):
    Place(tmp_path).save()
    (tmp_path / "mailbox" / "new").mkdir(parents=True)
    with sole_owner(tmp_path):
        empty(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["running.lock"]


def test_the_service_accepts_the_settings_of_the_demonstration(tmp_path: Path):
    place = Place(tmp_path)
    settings = Settings.from_env(place.environment())
    assert settings.clock_speed == 2880
    assert {f"{shop.host}:8081" for shop in SHOPS.values()} == set(settings.fetch_allow)


def test_settings_of_the_shell_do_not_leak_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BROKER_METRICS_TOKEN", "from the shell")
    assert "BROKER_METRICS_TOKEN" not in Place(tmp_path).environment()


def test_a_long_path_still_gets_a_socket_that_fits(tmp_path: Path):
    place = Place(tmp_path / ("x" * 90))
    assert len(str(place.socket)) < 100
    assert Place(tmp_path).socket.is_relative_to(tmp_path)


def test_no_link_of_the_guide_is_broken_by_a_narrow_terminal(tmp_path: Path, console: Console):
    place = Place(tmp_path)
    show_guide(place, console, 1.0)
    lines = printed(console).split()
    assert place.shop_url("veter", "/catalog/norrvik-city-3") in lines
    assert place.remembered.operator_password in lines


def test_the_guide_names_as_many_shops_as_the_readme_promises(tmp_path: Path, console: Console):
    show_guide(Place(tmp_path), console, 1.0)
    named = {shop.host for shop in SHOPS.values() if f"http://{shop.host}:" in printed(console)}
    assert len(named) == len(SHOPS) == 8
    assert "eight demo shops" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert words.SENTENCES["en"]["outside"].startswith("Eight shops")


def test_both_languages_have_the_same_sentences():
    assert words.SENTENCES["en"].keys() == words.SENTENCES["ru"].keys()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, "ru"),
        ({}, "en"),
    ],
)
def test_the_terminal_is_spoken_to_in_its_language(environment, language, monkeypatch: pytest.MonkeyPatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.terminal_language() == language
