"""A mailbox is emptied without losing a mail, whatever happens on the way."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from discount_broker.adapters.imap_mailbox import ImapMailbox, Place
from discount_broker.messaging.inbound import LARGEST_MAIL
from discount_broker.outreach.ports import MailboxUnreachable
from tests.contract.imap_servers import ImapServer, imap_server, meddling, wait_until

MAIL = b"Subject: Re: R-7K2M9\r\n\r\n\xc4\xe0, 10 %\r\n"
"""In windows-1251, and not saying so."""
OTHER = b"Subject: another\r\n\r\nNo.\r\n"


@dataclass
class Store:
    kept: list[bytes] = field(default_factory=list)
    is_broken: bool = False

    def deliver(self, content: bytes) -> None:
        if self.is_broken:
            raise OSError("the database is away")
        self.kept.append(content)


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def server(running: ImapServer) -> ImapServer:
    running.clear()
    return running


@pytest.fixture
def store() -> Store:
    return Store()


@contextmanager
def watching(mailbox: ImapMailbox) -> Iterator[None]:
    stopped = threading.Event()
    thread = threading.Thread(target=mailbox.watch, args=(stopped,))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(20)
        assert not thread.is_alive()


def test_every_mail_is_taken_byte_for_byte_and_marked_as_read(server: ImapServer, store: Store) -> None:
    server.put(MAIL, OTHER)
    assert ImapMailbox(server.url, store.deliver).empty() == 0
    assert store.kept == [MAIL, OTHER]
    assert server.lies_in("INBOX", "SEEN") == 2


def test_what_was_kept_is_moved_where_a_folder_is_named(server: ImapServer, store: Store) -> None:
    server.put(MAIL)
    mailbox = ImapMailbox(f"{server.url}?move=Kept", store.deliver)
    mailbox.empty()
    assert (server.lies_in("INBOX"), server.lies_in("Kept")) == (0, 1)
    server.put(OTHER)
    mailbox.empty()
    assert (server.lies_in("Kept"), store.kept) == (2, [MAIL, OTHER])


def test_a_mail_that_was_read_by_a_person_is_taken_all_the_same_where_mails_are_moved(
    server: ImapServer, store: Store
) -> None:
    server.put(MAIL)
    with server.logged_in() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Seen)")
    ImapMailbox(f"{server.url}?move=Kept", store.deliver).empty()
    assert store.kept == [MAIL]


def test_a_mail_that_could_not_be_kept_stays_unread_and_is_taken_later(
    server: ImapServer, store: Store
) -> None:
    server.put(MAIL)
    store.is_broken = True
    mailbox = ImapMailbox(server.url, store.deliver)
    assert mailbox.empty() == 1
    assert server.lies_in("INBOX", "UNSEEN") == 1
    store.is_broken = False
    assert mailbox.empty() == 0
    assert store.kept == [MAIL]


def test_new_mail_is_told_by_the_server(server: ImapServer, store: Store) -> None:
    with watching(ImapMailbox(server.url, store.deliver, poll_seconds=3600)):
        server.put(MAIL)
        wait_until(lambda: store.kept == [MAIL])
        server.put(OTHER)
        wait_until(lambda: store.kept == [MAIL, OTHER])


def test_idling_begins_anew_before_the_server_tires_of_it(server: ImapServer, store: Store) -> None:
    idled: list[bytes] = []

    def count(said: bytes) -> bytes:
        if said.startswith(b"+"):
            idled.append(said)
        return said

    with meddling(server, count) as between:
        mailbox = ImapMailbox(between.url, store.deliver, idle_seconds=0.2, poll_seconds=3600)
        with watching(mailbox):
            wait_until(lambda: len(idled) >= 3)
        assert between.connections == 1


def test_a_server_that_cannot_tell_is_asked(server: ImapServer, store: Store) -> None:
    with meddling(server, lambda said: said.replace(b" IDLE", b"")) as between:
        mailbox = ImapMailbox(between.url, store.deliver, poll_seconds=0.1)
        with watching(mailbox):
            server.put(MAIL)
            wait_until(lambda: store.kept == [MAIL])


def test_a_server_that_cannot_move_gets_a_copy_and_a_deletion(server: ImapServer, store: Store) -> None:
    server.put(MAIL)
    with meddling(server, lambda said: said.replace(b" MOVE", b"")) as between:
        ImapMailbox(f"{between.url}?move=Kept", store.deliver).empty()
    assert (store.kept, server.lies_in("INBOX"), server.lies_in("Kept")) == ([MAIL], 0, 1)


def test_a_connection_that_breaks_is_made_anew(server: ImapServer, store: Store) -> None:
    is_cut = threading.Event()

    def cut_once(said: bytes) -> bytes | None:
        if said.startswith(b"+") and not is_cut.is_set():
            is_cut.set()
            return None
        return said

    with (
        meddling(server, cut_once) as between,
        watching(ImapMailbox(between.url, store.deliver, poll_seconds=3600)),
    ):
        wait_until(is_cut.is_set)
        server.put(MAIL)
        wait_until(lambda: store.kept == [MAIL])
        assert between.connections >= 2


def test_a_mail_whose_marking_was_lost_is_taken_again_rather_than_never(
    server: ImapServer, store: Store
) -> None:
    """The same mail twice is one mail to whoever keeps it."""
    server.put(MAIL)
    store_answer = threading.Event()

    def cut_at_marking(said: bytes) -> bytes | None:
        if store.kept and not store_answer.is_set():
            store_answer.set()
            return None
        return said

    with (
        meddling(server, cut_at_marking) as between,
        watching(ImapMailbox(f"{between.url}?move=Kept", store.deliver)),
    ):
        wait_until(lambda: server.lies_in("Kept") == 1)
    assert set(store.kept) == {MAIL}


def test_a_folder_that_takes_nothing_more_holds_up_no_other_mail(server: ImapServer, store: Store) -> None:
    server.put(MAIL, OTHER)

    def refuse(said: bytes) -> bytes:
        return said.replace(b"OK [COPYUID", b"NO [OVERQUOTA")

    with meddling(server, refuse) as between:
        assert ImapMailbox(f"{between.url}?move=Kept", store.deliver).empty() == 2
    assert store.kept == [MAIL, OTHER]


def test_a_mail_that_is_too_large_is_kept_without_its_body(server: ImapServer, store: Store) -> None:
    server.put(b"Subject: photographs\r\nTo: reply+x@in.broker.test\r\n\r\n" + b"y" * 1000)

    def exaggerate(said: bytes) -> bytes:
        return re.sub(rb"RFC822\.SIZE \d+", b"RFC822.SIZE %d" % (LARGEST_MAIL + 1), said)

    with meddling(server, exaggerate) as between:
        ImapMailbox(between.url, store.deliver).empty()
    [content] = store.kept
    assert b"Subject: photographs" in content
    assert b"(This mail has 25 megabytes, which is more than is kept here." in content
    assert b"yyy" not in content


def test_a_folder_with_new_numbers_forgets_the_old_ones(store: Store) -> None:
    """UIDVALIDITY tells that the same numbers are other mails now."""
    with imap_server() as first:
        first.put(MAIL)
        mailbox = ImapMailbox(first.url, store.deliver)
        mailbox.empty()
        port = first.port
    with imap_server(port) as second:
        second.put(OTHER)
        mailbox.empty()
    assert store.kept == [MAIL, OTHER]


def test_a_wrong_password_is_told_without_it(
    server: ImapServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = ImapMailbox(server.url.replace("a%20pass", "no%20pass"), store.deliver)
    with caplog.at_level(logging.INFO), watching(mailbox):
        wait_until(lambda: "refused our name or password" in caplog.text)
    assert "no pass" not in caplog.text


def test_a_mailbox_that_cannot_be_opened_is_told(server: ImapServer, store: Store) -> None:
    for url in (
        server.url.replace("a%20pass", "no%20pass"),
        "imap://a:b@127.0.0.1:9/INBOX",
        f"{server.url}/none",
    ):
        with pytest.raises(MailboxUnreachable):
            ImapMailbox(url, store.deliver).empty()


@pytest.mark.parametrize(
    "url", ["", "imaps://host/INBOX", "pop3://a:b@host", "http://a:b@host", "imaps://a:b@"]
)
def test_an_address_that_is_no_mailbox_is_refused(url: str, store: Store) -> None:
    with pytest.raises(ValueError, match="imaps://user:password@host/INBOX"):
        ImapMailbox(url, store.deliver)


def test_an_address_says_where_and_how() -> None:
    place = Place.from_url("imaps://a%40shop.test:p%2Fw@mail.shop.test/Answers?move=Done")
    assert (place.user, place.password, place.host, place.port) == (
        "a@shop.test",
        "p/w",
        "mail.shop.test",
        993,
    )
    assert (place.folder, place.move, place.is_tls) == ("Answers", "Done", True)
    assert Place.from_url("imap://a:b@localhost").port == 143
