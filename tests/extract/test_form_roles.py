import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FormKind
from discount_broker.discovery.extract.forms.finding import find_forms

URL = "https://teashop.example/contact"


def roles_in(fields, head=""):
    markup = f"{head}<form method=post>{fields}<textarea name=m></textarea><button>Send</button></form>"
    (form,) = find_forms(markup, URL)
    return {field.name: field.role for field in form.fields}


ASKED = "<p><label>Name <input name=n></label></p><p><label>E-mail <input name=e></label></p>"


@pytest.mark.parametrize(
    ("trap", "head"),
    [
        ("<div style='position:absolute;left:-9999px'><input name=website></div>", ""),
        ("<input name=fax tabindex=-1 autocomplete=off>", ""),
        (
            "<div class=gone><input name=url></div>",
            "<style>.gone { position: absolute; left: -5000px }</style>",
        ),
        ("<p class=ohnohoney><input name=phone2></p>", ""),
        ("<label>Leave this field blank <input name=code></label>", ""),
        ("<label>Не заполняйте это поле <input name=code></label>", ""),
        ("<input type=text name=hideit>", ""),
    ],
)
def test_a_trap_is_told_by_style_class_name_and_words(trap, head):
    assert FieldRole.HONEYPOT in roles_in(ASKED + trap, head).values()


def test_fields_that_people_see_are_no_traps():
    assert FieldRole.HONEYPOT not in roles_in(ASKED + "<input name=website placeholder=Website>").values()


@pytest.mark.parametrize(
    ("box", "role"),
    [
        ("I agree to the privacy policy", FieldRole.CONSENT),
        ("Согласен на обработку персональных данных", FieldRole.CONSENT),
        ("Ich akzeptiere die Datenschutzbestimmungen", FieldRole.CONSENT),
        ("J'accepte les conditions générales", FieldRole.CONSENT),
        ("Acepto la política de privacidad", FieldRole.CONSENT),
        ("Send me the newsletter", FieldRole.NEWSLETTER),
        ("Подписаться на рассылку новостей", FieldRole.NEWSLETTER),
        ("Newsletter abonnieren", FieldRole.NEWSLETTER),
    ],
)
def test_consent_is_told_from_a_newsletter(box, role):
    assert roles_in(f"{ASKED}<label><input type=checkbox name=b> {box}</label>")["b"] == role


@pytest.mark.parametrize(
    ("field", "role"),
    [
        ("<input type=hidden name=csrf_token value=x>", FieldRole.TOKEN),
        ("<input type=hidden name=sessid value=x>", FieldRole.TOKEN),
        ("<input type=hidden name=page value=3>", FieldRole.OTHER),
        ("<input type=hidden name=captcha_sid value=x>", FieldRole.TOKEN),
        ("<img src=/captcha.php><input name=captcha_word>", FieldRole.CAPTCHA),
        ("<input type=file name=f>", FieldRole.FILE),
        ("<input type=submit name=cancel value=Cancel>", FieldRole.OTHER),
    ],
)
def test_what_machines_put_into_forms_is_told_by_type_and_name(field, role):
    found = roles_in(ASKED + field)
    assert list(found.values())[2] == role


def test_the_words_that_decided_are_told():
    (form,) = find_forms(
        f"<form method=post action=/feedback>{ASKED}<textarea name=m></textarea><button>Send</button></form>",
        URL,
    )
    assert form.kind == FormKind.CONTACT
    assert form.why


NO_LETTERS = {
    "call back": "<input name=name placeholder=Имя><input type=tel name=t><button>Перезвоните мне</button>",
    "review": "<h3>Leave a review</h3><input type=radio name=rating value=5><input name=name>"
    "<input name=email><textarea name=review></textarea><button>Send</button>",
    "password": "<input name=email><input type=password name=p><textarea name=m></textarea>"
    "<button>Send message</button>",
    "friend": "<input name=friend_email><input name=your_email><textarea name=message></textarea>"
    "<button>Send to a friend</button>",
    "search": "<input name=q><button>Search</button>",
    "newsletter": "<input type=email name=e><button>Subscribe</button>",
}


@pytest.mark.parametrize("fields", NO_LETTERS.values(), ids=NO_LETTERS)
def test_what_carries_no_letter_to_the_shop_is_never_taken_for_contact(fields):
    (form,) = find_forms(f"<form method=post>{fields}</form>", URL)
    assert form.kind != FormKind.CONTACT


@pytest.mark.parametrize(
    "markup",
    [
        "<form>" * 10_000,
        "<form>" + "<input name=a placeholder='E-mail'>" * 50_000,
        "<form><label>" * 20_000,
        "<div>" * 50_000 + "<form><input name=e><textarea>",
        "<form><input name=" + "a-" * 500_000 + "><textarea>",
        "<style>" + ".a{" * 200_000 + "</style><form><input name=url><textarea></textarea></form>",
        "<form><select>" + "<option>word" * 50_000 + "</select><textarea></textarea></form>",
        "<input form=f name=a>" * 20_000 + "<form id=f></form>",
    ],
    ids=["forms", "inputs", "labels", "deep", "long name", "style", "options", "tied"],
)
def test_a_page_made_to_exhaust_a_reader_is_read(markup):
    forms = find_forms(markup, URL)
    assert all(len(form.fields) <= 400 for form in forms)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abdefinoprtux\n\x00"), max_size=400))
def test_any_text_at_all_is_read_without_complaint(markup):
    find_forms(f"<form><input name=email>{markup}<textarea>{markup}", URL)
