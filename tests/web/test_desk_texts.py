"""The pages on which leads edit what is said and written."""

from datetime import datetime, timedelta

import pytest

from discount_broker.accounts.models import Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import DeskText, EscalationCase
from discount_broker.escalation.queries.texts import TextName, get_text
from discount_broker.escalation.status import TextKind
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach
from tests.web.conftest import Browser

FIRST_CALL = "/desk/texts/script/first_call/en"
THANKS = "/desk/texts/mail/shop_thank_you/en"
NEW = {"kind": "mail", "reader": "shop", "language": "en", "key": "holidays", "title": "Holidays"}


def signed_in(client: Browser, operator: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{operator.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def operator(client: Browser, now: datetime) -> Browser:
    return signed_in(client, an_operator(now, name="Olga"))


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return signed_in(client, an_operator(now, name="Lena", role="lead"))


def count() -> int:
    return db.session.query(DeskText).count()


class TestReading:
    def test_all_texts_stand_on_one_page_in_both_languages(self, operator: Browser) -> None:
        page = operator.get("/desk/texts").text
        for path in (
            FIRST_CALL,
            "/desk/texts/script/supervisor/ru",
            THANKS,
            "/desk/texts/sms/buyer_thank_you/ru",
        ):
            assert path in page
        assert "Write a new one" not in page

    def test_an_operator_reads_a_text_on_a_real_case_and_changes_nothing(
        self, operator: Browser, now: datetime
    ) -> None:
        a_case(now, an_outreach(now, shop=a_shop(now, name="Tools and More", language="en")))
        page = operator.get(FIRST_CALL).text
        assert "On the case of Tools and More," in page
        assert "I work for" in page
        assert "<textarea" not in page
        for path, typed in (
            (FIRST_CALL, {"body": "Hello", "based_on": "0", "act": "save"}),
            (f"{FIRST_CALL}/restore/0", {}),
            (f"{THANKS}/retire", {}),
            ("/desk/texts/new", {"kind": "mail", "reader": "shop", "key": "x1", "title": "x", "body": "x"}),
        ):
            assert operator.press(path, **typed).status_code == 403
        assert operator.get("/desk/texts/new").status_code == 403
        assert count() == 0

    def test_nobody_else_comes_in(self, client: Browser) -> None:
        assert "/staff" in client.get("/desk/texts").location or "login" in client.get("/desk/texts").location

    @pytest.mark.parametrize("path", ["script/nothing/en", "script/first_call/fr", "song/first_call/en"])
    def test_what_there_is_not_is_not_found(self, lead: Browser, path: str) -> None:
        assert lead.get(f"/desk/texts/{path}").status_code == 404
        assert lead.press(f"/desk/texts/{path}", body="Hello").status_code == 404

    def test_without_any_case_the_page_still_opens(self, operator: Browser) -> None:
        assert "There is no case yet" in operator.get(FIRST_CALL).text


class TestChanging:
    def test_what_is_saved_counts_and_the_difference_is_shown(self, lead: Browser) -> None:
        typed = {"body": "Hello, this is {{ operator }}.", "note": "shorter", "based_on": "0", "act": "save"}
        page = lead.get(lead.press(FIRST_CALL, **typed).location).text
        assert "Saved as version 1" in page
        assert "Version 1 · Lena" in page
        assert "shorter" in page
        assert "<ins>" in page
        assert "<del>" in page
        assert "Hello, this is Lena." in page

    def test_a_name_that_does_not_exist_is_refused_with_its_line_and_nothing_typed_is_lost(
        self, lead: Browser
    ) -> None:
        typed = {"body": "Hello,\nabout {{ prodcut }}.", "note": "my reason", "based_on": "0", "act": "save"}
        answer = lead.press(FIRST_CALL, **typed)
        assert answer.status_code == 422
        assert "Line 2: there is no “prodcut”. Did you mean “product”?" in answer.text
        assert "about {{ prodcut }}." in answer.text
        assert "my reason" in answer.text
        assert count() == 0

    def test_to_look_at_it_first_changes_nothing(self, lead: Browser, now: datetime) -> None:
        request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, name="Drills"))
        a_case(now, an_outreach(now, request), opened_at=now - timedelta(days=9))
        a_case(now)
        typed = {"body": "About {{ number }} at {{ shop }}", "based_on": "0", "act": "preview"}
        page = lead.press(FIRST_CALL, **typed, case=request.number.lower()).text
        assert f"About {request.number} at Drills" in page
        assert count() == 0
        page = lead.press(FIRST_CALL, **typed, case="R-00000").text
        assert "No case has the number R-00000" in page

    def test_what_comes_from_a_page_or_a_lead_is_text_and_no_markup(
        self, lead: Browser, now: datetime
    ) -> None:
        request = a_request(now, RequestStatus.ASKED)
        a_case(now, an_outreach(now, request, product_title="<img src=x> {{ number }}"))
        typed = {"body": "<b>Hi</b> {{ product }}", "based_on": "0", "act": "preview"}
        page = lead.press(FIRST_CALL, **typed).text
        assert "&lt;b&gt;Hi&lt;/b&gt; &lt;img src=x&gt; {{ number }}" in page

    def test_a_version_somebody_saved_meanwhile_is_shown_before_it_is_replaced(self, lead: Browser) -> None:
        lead.press(FIRST_CALL, body="Theirs", based_on="0", act="save")
        answer = lead.press(FIRST_CALL, body="Mine", based_on="0", act="save")
        assert answer.status_code == 409
        assert "What Lena saved meanwhile" in answer.text
        assert 'value="1"' in answer.text
        assert lead.press(FIRST_CALL, body="Mine", based_on="1", act="save").status_code == 302
        assert get_text(TextName(TextKind.SCRIPT, "first_call", "en")).version == 2

    def test_the_same_words_again_make_no_version(self, lead: Browser) -> None:
        lead.press(FIRST_CALL, body="Mine", based_on="0", act="save")
        assert (
            "Nothing was changed"
            in lead.get(lead.press(FIRST_CALL, body="Mine", based_on="1", act="save").location).text
        )
        assert count() == 1

    @pytest.mark.parametrize("odd", ["", "-1", "x", "9" * 30, "٣"])
    def test_an_odd_version_in_the_form_is_no_version_to_replace(self, lead: Browser, odd: str) -> None:
        assert lead.press(FIRST_CALL, body="Mine", based_on=odd, act="save").status_code == 409

    def test_an_older_version_comes_back(self, lead: Browser) -> None:
        lead.press(FIRST_CALL, body="Mine", based_on="0", act="save")
        page = lead.get(lead.press(f"{FIRST_CALL}/restore/0").location).text
        assert "Version 0 counts again, as version 2." in page
        assert lead.press(f"{FIRST_CALL}/restore/7").status_code == 404


class TestCanned:
    def test_a_new_text_is_written_in_one_language_and_then_in_the_other(self, lead: Browser) -> None:
        assert 'name="key"' in lead.get("/desk/texts/new").text
        answer = lead.press("/desk/texts/new", **NEW, body="Back in May, {{ service }}")
        assert answer.location.endswith("/desk/texts/mail/shop_holidays/en")
        assert "not written yet" in lead.get("/desk/texts").text
        russian = "/desk/texts/mail/shop_holidays/ru"
        assert "Back in May" in lead.get(russian).text
        typed = {"title": "Праздники", "body": "Вернёмся в мае", "based_on": "0", "act": "save"}
        assert lead.press(russian, **typed).status_code == 302
        assert "Праздники" in lead.get(russian).text

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"key": "Odd name"}, "small Latin letters"),
            ({"key": "thank_you"}, "There is a text of this name already"),
            ({"title": ""}, "Please give it a title"),
            ({"body": ""}, "Please write something"),
            ({"body": "a\nb\n{{ shopp }}"}, "Line 3: there is no “shopp”"),
            ({"kind": "script"}, "Not a valid choice"),
        ],
    )
    def test_what_is_missing_or_odd_is_said_and_nothing_typed_is_lost(
        self, lead: Browser, given: dict[str, str], why: str
    ) -> None:
        answer = lead.press("/desk/texts/new", **{**NEW, "body": "Typed by hand", **given})
        assert answer.status_code in (409, 422)
        assert why in answer.text
        assert given.get("body", "Typed by hand") in answer.text
        assert count() == 0

    def test_a_retired_text_is_offered_no_more_and_can_come_back(self, lead: Browser) -> None:
        lead.press(f"{THANKS}/retire")
        page = lead.get(THANKS).text
        assert "Nobody is offered it." in page
        typed = {"title": "Thank you for your help", "body": "Thanks", "based_on": "1", "act": "save"}
        lead.press(THANKS, **typed)
        assert "Nobody is offered it." not in lead.get(THANKS).text
        assert lead.press("/desk/texts/script/first_call/en/retire").status_code == 404

    def test_a_text_message_shows_its_size_on_the_air(self, lead: Browser) -> None:
        page = lead.press("/desk/texts/sms/buyer_thank_you/en", title="x", body="a" * 161, act="preview").text
        assert "161 signs" in page
        assert "GSM, 160 signs a part" in page
        assert "2 parts" in page
        page = lead.press("/desk/texts/sms/buyer_thank_you/ru", title="x", body="я", act="preview").text
        assert "Unicode, 70 signs a part" in page


class TestBeginning:
    """A letter by hand may begin with a canned text."""

    @pytest.fixture
    def case(self, now: datetime) -> EscalationCase:
        shop = a_shop(now, name="Drills", language="en", emails=("a@drills.com",))
        return a_case(now, an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop, language="ru")))

    def test_to_choose_a_text_fills_the_letter_and_sends_nothing(
        self, operator: Browser, case: EscalationCase
    ) -> None:
        page = operator.get(f"/desk/cases/{case.id}?text=shop_thank_you").text
        assert "thank you for your time on the phone about Bosch" in page
        assert 'value="mail:shop_thank_you:en@0"' in page
        told = operator.get(f"/desk/outreach/{case.outreach_id}/words?text=buyer_shop_asks").json
        assert told is not None
        assert (told["reader"], told["begun_with"]) == ("buyer", "mail:buyer_shop_asks:ru@0")
        assert "У магазина Drills есть вопрос" in told["text"]
        assert db.session.query(Delivery).count() == 0

    def test_a_letter_keeps_the_version_it_was_begun_with(
        self, operator: Browser, case: EscalationCase
    ) -> None:
        path = f"/desk/outreach/{case.outreach_id}/letters"
        begun = "mail:shop_thank_you:en@0"
        operator.press(path, reader="shop", text="Thank you.", begun_with=begun)
        operator.press(path, reader="buyer", text="Thank you too.", begun_with="mail:shop_nothing:en@0")
        kept = {each.text.strip()[:5]: each.written_with for each in db.session.query(Delivery)}
        assert sorted(kept.values()) == ["", begun]

    @pytest.mark.parametrize("odd", ["nothing", "shop_thank_you'", "%00", "first_call"])
    def test_an_unknown_text_leaves_the_letter_empty(
        self, operator: Browser, case: EscalationCase, odd: str
    ) -> None:
        told = operator.get(f"/desk/outreach/{case.outreach_id}/words?text={odd}").json
        assert told == {"reader": "shop", "text": "", "begun_with": ""}
        assert operator.get(f"/desk/cases/{case.id}?text={odd}").status_code == 200
