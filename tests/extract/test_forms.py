import pytest

from discount_broker.discovery.extract.forms.descriptions import Captcha, FieldRole, FormKind
from discount_broker.discovery.extract.forms.finding import best_contact_form, find_forms

URL = "https://teashop.ru/contacts/"
CONTACT = """
<form action="/feedback/send" method="post" id="contact-form">
  <input type="hidden" name="sessid" value="0123456789abcdef0123456789abcdef">
  <label for="n">Ваше имя *</label><input id="n" name="f1">
  <label>Почта <input name="f2"></label>
  <input type="tel" name="f3" placeholder="Телефон">
  <input name="f4" placeholder="Тема">
  <textarea name="f5" required></textarea>
  <div style="display:none"><input name="website" tabindex="-1" autocomplete="off"></div>
  <input type="checkbox" name="ok"> Согласен на обработку персональных данных
  <button name="go">Отправить сообщение</button>
</form>"""
SEARCH = '<form action="/search"><input name="q" placeholder="Поиск"><button>Найти</button></form>'
LOGIN = "<form method=post><input name=login><input type=password name=pass><button>Войти</button></form>"
REGISTER = (
    "<form method=post action=/register><input name=name><input name=email><input type=password name=p1>"
    "<input type=password name=p2><button>Регистрация</button></form>"
)
PASSWORD = "<form method=post action=/forgot><input name=email><button>Восстановить пароль</button></form>"
NEWS = "<form method=post class=subscribe><input type=email name=e><button>Подписаться</button></form>"
CART = "<form method=post action=/cart/add><input name=quantity value=1><button>В корзину</button></form>"
REVIEW = (
    "<form method=post id=review-form><h3>Оставить отзыв</h3><input type=radio name=rating value=5>"
    "<input name=name placeholder=Имя><textarea name=review></textarea><button>Оставить отзыв</button></form>"
)
FILTER = (
    '<form class="smartfilter"><input type=checkbox name=arrFilter_1><input type=checkbox name=arrFilter_2>'
    "<button>Показать</button></form>"
)


def only(markup, url=URL):
    (form,) = find_forms(markup, url)
    return form


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        (CONTACT, FormKind.CONTACT),
        (SEARCH, FormKind.SEARCH),
        (LOGIN, FormKind.LOGIN),
        (REGISTER, FormKind.REGISTRATION),
        (PASSWORD, FormKind.PASSWORD),
        (NEWS, FormKind.NEWSLETTER),
        (CART, FormKind.ORDER),
        (REVIEW, FormKind.COMMENT),
        (FILTER, FormKind.FILTER),
        ("<form></form>", FormKind.OTHER),
    ],
)
def test_a_form_is_told_by_what_it_asks(markup, kind):
    assert only(markup, "https://teashop.ru/page").kind == kind


def test_every_field_of_a_contact_form_has_its_role():
    roles = {field.name: field.role for field in only(CONTACT).fields}
    assert roles == {
        "sessid": FieldRole.TOKEN,
        "f1": FieldRole.NAME,
        "f2": FieldRole.EMAIL,
        "f3": FieldRole.PHONE,
        "f4": FieldRole.SUBJECT,
        "f5": FieldRole.MESSAGE,
        "website": FieldRole.HONEYPOT,
        "ok": FieldRole.CONSENT,
        "go": FieldRole.SUBMIT,
    }


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        (("Vorname", "Nachname", "E-Mail-Adresse", "Telefon"), ("first_name", "last_name", "email", "phone")),
        (
            ("Prénom", "Nom de famille", "Courriel", "Téléphone"),
            ("first_name", "last_name", "email", "phone"),
        ),
        (
            ("Nombre", "Apellidos", "Correo electrónico", "Teléfono"),
            ("first_name", "last_name", "email", "phone"),
        ),
        (("Имя", "Фамилия", "Эл. почта", "Номер телефона"), ("first_name", "last_name", "email", "phone")),
        (("Your name", "Company", "Email", "Order number"), ("name", "other", "email", "order_number")),
    ],
)
def test_fields_are_told_by_their_labels_in_several_languages(labels, roles):
    inputs = "".join(f"<p><label>{label}: <input name=f{n}></label></p>" for n, label in enumerate(labels))
    form = only(f"<form method=post>{inputs}<textarea name=m></textarea></form>")
    assert tuple(field.role for field in form.fields)[:4] == roles


def test_required_fields_are_known():
    required = {field.name for field in only(CONTACT).fields if field.is_required}
    assert required == {"f1", "f5"}


def test_action_method_and_enctype_are_as_a_browser_takes_them():
    form = only(
        "<base href='/shop/'><form action=send method=POST enctype=multipart/form-data><input name=a></form>"
    )
    assert (form.action, form.method, form.enctype) == (
        "https://teashop.ru/shop/send",
        "post",
        "multipart/form-data",
    )
    assert only("<form><input name=a></form>").action == URL


@pytest.mark.parametrize(
    ("mark", "captcha"),
    [
        ('<div class="g-recaptcha" data-sitekey="x"></div>', Captcha.RECAPTCHA),
        ('<div class="h-captcha"></div>', Captcha.HCAPTCHA),
        ('<div class="smart-captcha"></div>', Captcha.SMARTCAPTCHA),
        ('<div class="cf-turnstile"></div>', Captcha.TURNSTILE),
        ('<img src="/captcha.php"><input name="captcha_word">', Captcha.IMAGE),
        ('<label>Сколько 2 + 3 = <input name="sum"></label>', Captcha.OTHER),
        ("", None),
    ],
)
def test_a_captcha_is_recognised(mark, captcha):
    assert only(CONTACT.replace("<button", mark + "<button")).captcha == captcha


def test_a_form_whose_fields_have_no_names_needs_a_script():
    form = only(
        "<form><input placeholder=Имя><input type=tel><textarea></textarea><button>Отправить</button></form>"
    )
    assert form.needs_script
    assert not only(CONTACT).needs_script


def test_the_best_contact_form_is_the_one_without_a_captcha():
    guarded = CONTACT.replace("<button", '<div class="g-recaptcha"></div><button')
    forms = find_forms(SEARCH + guarded + CONTACT + NEWS, URL)
    assert [form.index for form in forms] == [0, 1, 2, 3]
    assert best_contact_form(forms).index == 2
    assert best_contact_form(find_forms(SEARCH + LOGIN + REVIEW, URL)) is None


def test_controls_outside_that_name_the_form_belong_to_it():
    form = only("<form id=f method=post><input name=a></form><textarea name=b form=f></textarea>")
    assert [field.name for field in form.fields] == ["a", "b"]
