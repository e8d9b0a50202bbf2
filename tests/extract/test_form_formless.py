import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.forms.formless import find_formless
from discount_broker.discovery.extract.pages.page import open_document

URL = "https://teashop.ru/contacts/"


def doors_of(markup):
    return find_formless(open_document(markup, URL))


@pytest.mark.parametrize(
    ("markup", "service"),
    [
        ("<script>hbspt.forms.create({portalId: '1', formId: '2'})</script>", "HubSpot"),
        ("<script data-b24-form='inline/1/abc' src='/crm/form/loader_1.js'></script>",
         "Bitrix24"),
        ("<div data-tf-widget='abc'></div>", "Typeform"),
        ("<script src='https://form.jotform.com/jsform/123'></script>", "JotForm"),
        ("<iframe src='https://docs.google.com/forms/d/abc'></iframe>", "Google Forms"),
        ("<iframe src='https://forms.yandex.ru/u/abc/?iframe=1'></iframe>", "Yandex Forms"),
        ("<script src='https://forms.amocrm.ru/forms/assets/js/amoforms.js'></script>", "amoCRM"),
    ],
)  # fmt: skip
def test_a_form_of_another_service_is_left_to_people(markup, service):
    assert [door.service for door in doors_of(f"<p>Write to us</p>{markup}")] == [service]


def test_fields_without_a_form_are_recognised_when_a_button_stands_by_them():
    (door,) = doors_of(
        "<div class=ask><input placeholder='Ваше имя'><input placeholder='E-mail'>"
        "<textarea placeholder='Ваш вопрос'></textarea><div role=button>Отправить</div></div>"
    )
    assert not door.service
    assert "outside of any form" in door.why


@pytest.mark.parametrize(
    "markup",
    [
        "<div><input name=q placeholder='Search'><button>Find</button></div>",
        "<div><input name=email><input type=password name=p><button>Log in</button></div>",
        "<div><input name=email placeholder='Your e-mail'><button>Subscribe</button></div>",
        "<form><input name=name><input name=email><textarea name=m></textarea><button>Send</button></form>",
        "<input form=f name=name><input form=f name=email><textarea form=f></textarea><button>Send</button>",
        "<p>We like typeform and google forms.</p>",
        "",
    ],
)
def test_what_is_no_letter_or_is_a_form_is_not_taken_for_a_door_without_one(markup):
    assert doors_of(markup) == []


def test_a_form_with_fields_beside_it_stays_one_entry_of_the_page():
    markup = (
        "<form><input name=q></form><div><input name=email><textarea></textarea><button>Send</button></div>"
    )
    assert len(find_forms(markup, URL)) == 1
    assert len(doors_of(markup)) == 1


@given(st.text(alphabet=st.sampled_from("<>/=\"' abdefinoprtux\n"), max_size=300))
def test_any_text_at_all_is_read_without_complaint(markup):
    doors_of(markup + "<div><input name=email><textarea>" + markup)
