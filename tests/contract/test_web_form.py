"""Feedback forms of all makes, sent over the guarded fetcher and over the fake."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.adapters.web_form import WebFormChannel
from discount_broker.messaging.ports import (
    FailureReason,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)
from discount_broker.outreach.form_filling import Letter
from tests.contract.form_shops import FormShop, StrictShop
from tests.contract.servers import serving
from tests.contract.test_channels import MESSAGE
from tests.contract.test_fetchers import nobody_knows
from tests.fakes import Answer, Asked, FakeFetcher, Site, redirect, site_of

TO_FORM = replace(MESSAGE, to="http://shop.test/contacts", html=None)
LETTER = Letter(name="Скидка", email="reply@in.broker.test", subject="Запрос", text=MESSAGE.text)
MakeChannel = Callable[[Site], WebFormChannel]
JSON = "application/json"


@pytest.fixture(params=["guarded", "fake"])
def channel_to(request: pytest.FixtureRequest) -> Iterator[MakeChannel]:
    with ExitStack() as running:

        def guarded(site: Site) -> WebFormChannel:
            place = running.enter_context(serving(site)).place
            fetcher = GuardedFetcher(
                user_agent="DiscountBrokerBot/1.0 (+http://broker.test/bot)",
                resolve=(("shop.test", place),),
                delay=0,
                look_up=nobody_knows,
            )
            return WebFormChannel(fetcher, service_name="Скидка")

        def fake(site: Site) -> WebFormChannel:
            return WebFormChannel(FakeFetcher({"shop.test": site}), service_name="Скидка")

        yield guarded if request.param == "guarded" else fake


def json_answer(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status, content_type=JSON)


def test_the_letter_arrives_as_a_visitor_would_have_typed_it(channel_to: MakeChannel) -> None:
    shop = FormShop()
    receipt = channel_to(shop).send(TO_FORM)
    assert shop.taken == [
        {
            "name": "Скидка",
            "email": TO_FORM.reply_to,
            "message": TO_FORM.text.replace("\n", "\r\n"),
            "agree": "Y",
            "send": "go",
        }
    ]
    assert receipt.reference == TO_FORM.idempotency_key
    assert receipt.evidence["status"] == 200
    assert "отправлено" in receipt.evidence["decided by"]
    assert receipt.evidence["fields"]["email"] == TO_FORM.reply_to


@pytest.mark.parametrize("attributes", ["", 'enctype="multipart/form-data"'])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_the_letter_is_readable_in_the_shops_charset(
    channel_to: MakeChannel, attributes: str, charset: str
) -> None:
    shop = FormShop(attributes=attributes, charset=charset)
    channel_to(shop).send(TO_FORM)
    assert shop.taken[0]["message"].startswith("Здравствуйте!\r\n")


def test_tokens_cookies_and_traps_are_left_as_the_shop_made_them(channel_to: MakeChannel) -> None:
    shop = StrictShop()
    receipt = channel_to(shop).send(TO_FORM)
    assert shop.taken[0]["website"] == ""
    assert receipt.evidence["decided by"] == "http://shop.test/contacts/thanks"


@pytest.mark.parametrize(
    "text",
    [
        '{"status": "mail_sent", "message": "Спасибо!"}',
        '{"success": true, "data": {"message": "ok"}}',
        '{"id": 17}',
        '{"redirect": "/index.php?route=information/contact.success"}',
    ],
)
def test_an_answer_in_json_confirms(channel_to: MakeChannel, text: str) -> None:
    channel_to(FormShop(answer=json_answer(text))).send(TO_FORM)


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(
            '{"status": "validation_failed", "message": "Проверьте",'
            ' "invalid_fields": [{"field": "email", "message": "x"}]}'
        ),
        json_answer('{"status": "spam", "message": "There was an error"}'),
        json_answer('{"success": false}'),
        json_answer('{"errors": {"email": ["is invalid"]}}', 422),
        Answer("<html><body><p>Заполните поле «Телефон»</p></body></html>".encode()),
    ],
)
def test_a_refusal_is_told_as_one(channel_to: MakeChannel, answer: Answer) -> None:
    with pytest.raises(PermanentFailure) as failure:
        channel_to(FormShop(answer=answer)).send(TO_FORM)
    assert failure.value.reason == FailureReason.REFUSED
    assert failure.value.evidence["fields"]["name"] == "Скидка"


def test_a_form_that_comes_back_filled_was_refused(channel_to: MakeChannel) -> None:
    shop = FormShop()
    shop.answer = shop.show(message=TO_FORM.text)
    with pytest.raises(PermanentFailure):
        channel_to(shop).send(TO_FORM)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html><body></body></html>"),
        Answer(b"<html><body><p>Welcome to our shop</p></body></html>"),
        Answer(b"Internal Server Error", 500),
        Answer(b"", 204),
    ],
)
def test_an_answer_that_says_nothing_is_left_to_a_person(channel_to: MakeChannel, answer: Answer) -> None:
    shop = FormShop(answer=answer)
    with pytest.raises(OutcomeUnknown) as unknown:
        channel_to(shop).send(TO_FORM)
    assert len(shop.taken) == 1
    assert unknown.value.evidence["fields"]["message"].startswith("Здравствуйте!")


def test_a_form_whose_answer_is_lost_is_sent_once_and_left_to_a_person(channel_to: MakeChannel) -> None:
    shop = FormShop()
    shop.hangs_up = True
    with pytest.raises(OutcomeUnknown):
        channel_to(shop).send(TO_FORM)
    assert len(shop.taken) == 1


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('<div class="g-recaptcha" data-sitekey="k"></div>', FailureReason.CAPTCHA),
        ('<img src="/captcha.php"><input name="captcha_word" required>', FailureReason.CAPTCHA),
        ('<input type="file" name="photo" required>', FailureReason.OTHER),
    ],
)
def test_a_form_made_for_people_only_is_not_sent(
    channel_to: MakeChannel, extra: str, reason: FailureReason
) -> None:
    shop = FormShop(extra=extra)
    with pytest.raises(PermanentFailure) as failure:
        channel_to(shop).send(TO_FORM)
    assert failure.value.reason == reason
    assert shop.taken == []


@pytest.mark.parametrize("answer", [Answer(b"gone", 410), Answer(b"<html><p>No form any more</p></html>")])
def test_a_page_without_its_form_is_gone_for_good(channel_to: MakeChannel, answer: Answer) -> None:
    with pytest.raises(PermanentFailure) as failure:
        channel_to(site_of({"/contacts": answer})).send(TO_FORM)
    assert failure.value.reason == FailureReason.FORM_GONE


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_page_that_is_out_of_order_is_worth_another_try(channel_to: MakeChannel, status: int) -> None:
    with pytest.raises(TemporaryFailure):
        channel_to(site_of({"/contacts": Answer(b"Oh", status)})).send(TO_FORM)


def test_a_redirect_to_a_thank_you_page_confirms(channel_to: MakeChannel) -> None:
    shop = FormShop(answer=redirect("/contacts?success=abc"))
    report = channel_to(shop).send_form("http://shop.test/contacts", LETTER)
    assert report.outcome == "confirmed"


def test_a_letter_for_a_page_without_a_form_goes_through_the_one_nearest_by(channel_to: MakeChannel) -> None:
    shop = FormShop()

    def site(asked: Asked) -> Answer:
        is_home = (asked.method, asked.path) == ("GET", "/")
        return Answer('<a href="/contacts">Контакты</a>'.encode()) if is_home else shop(asked)

    report = channel_to(site).send_form("http://shop.test/", LETTER)
    assert report.outcome == "confirmed"
    assert report.evidence["page"] == "http://shop.test/contacts"
    assert len(shop.taken) == 1


@pytest.mark.parametrize(
    ("site", "outcome"),
    [
        (site_of({"/": "<p>Nothing here</p>"}), "not_found"),
        (FormShop(extra='<div class="smart-captcha" data-sitekey="ysc1_x"></div>'), "captcha"),
        (FormShop(answer=json_answer('{"success": false}')), "refused"),
        (FormShop(answer=Answer(b"<p>Hm</p>")), "unconfirmed"),
        (site_of({"/": Answer(b"Oh", 500)}), "error"),
    ],
)
def test_the_report_says_what_became_of_the_letter(channel_to: MakeChannel, site: Site, outcome: str) -> None:
    report = channel_to(site).send_form("http://shop.test/", LETTER)
    assert report.outcome == outcome
    assert report.evidence["page"] == "http://shop.test/"


def test_an_address_that_is_nobodys_is_a_failure_for_good() -> None:
    channel = WebFormChannel(FakeFetcher(), service_name="Скидка")
    assert channel.send_form("http://10.0.0.1/", LETTER).outcome == "error"
    with pytest.raises(PermanentFailure):
        channel.send(replace(TO_FORM, to="http://10.0.0.1/"))


def test_words_of_a_buyer_that_only_look_like_an_address_do_no_harm(channel_to: MakeChannel) -> None:
    shop = FormShop()
    channel_to(shop).send(replace(TO_FORM, text=f"{TO_FORM.text}\nsee http://[this one] and http://[::"))
    assert len(shop.taken) == 1
