"""What each field of a form wants: rules over what its author and its label call it, the surest first."""

import re
from collections.abc import Callable

from discount_broker.discovery.extract.form_controls import Control
from discount_broker.discovery.extract.forms import FieldRole


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


CAPTCHA = _words(
    r"captcha|капч|recaptcha|hcaptcha|smart.?token|turnstile|securimage|code.?(?:de|"
    r"di)?.?s[eé]curit|security.?(?:code|question|image)|"
    r"verif\w*.?(?:code|number|image)|anti.?spam|antibot|spam.?(?:protect|schutz|check|"
    r"question)|код\s*(?:с|на|из)\s*(?:картин|изображ)|"
    r"(?:введите|проверочн|защитн)\w*\s*(?:код|символ)|символы\s*с|control.?code|challenge|"
    r"code.?confirmation|confirmation.?code|"
    r"sicherheits(?:code|frage)|are you (?:a )?human|not a robot|не робот|magic ?word|"
    r"codigo de (?:seguridad|verifica)|"
    r"userconfirm|verifynumber|\d\s*(?:[+*x×-]|plus|mal)\s*\d+\s*=|enter the (?:code|letters|"
    r"characters|text)|(?:letters|characters) (?:shown|above)"
)
TOKEN = _words(
    r"csrf|xsrf|\btoken\b|sessid|session|nonce|form key|authenticity|viewstate|"
    r"eventvalidation|requestverification|form build id|"
    r"unit tag|security hash|signature|\bhash\b|params hash|\bsid\b|lia form|formid|ctoken|wpcf7|captcha sid"
)
HONEYPOT = _words(
    r"honey|\bhp\b|bot ?test|hideit|should be empty|leave (?:this )?(?:field )?(?:blank|"
    r"empty)|nospam|no ?bot|workemail|ak hp|"
    r"spam ?trap|(?:не|don.?t|do not) (?:заполня|fill)|left unchanged|for validation purposes|"
    r"comment js|form spec comments|ubafs|"
    r"if you are human|если вы человек|human,? (?:please )?leave|"
    r"оставьте (?:это )?(?:поле )?пуст|feld (?:bitte )?(?:frei|leer)|antispam field"
)
BAIT_NAMES = _words(
    r"^(?:url|website|homepage|web|site|fax|email ?2|phone ?2|e ?mail confirm|subject|company|"
    r"address|name|nickname|captcha|input \d+.*)\b"
)
NEWSLETTER = _words(
    r"newsletter|mailing|рассылк|новост|subscri|подпис|abonn|suscri|акци[яий]|opt.?in|"
    r"spam.?agree|special offers|sends? me|"
    r"receive (?:e?mail|news|offers|updates|information)|angebote|promotion|naujienos|"
    r"marketing|ok ?to ?e?mail|keep me (?:up|informed)|notify me"
)
CONSENT = _words(
    r"consent|agree|соглас|персональн|политик|обработк|privacy|policy|terms|\btos\b|gdpr|"
    r"dsgvo|datenschutz|agb\b|accept|conditions|"
    r"условия|оферт|правил|condicion|conditions|rgpd|regulamin|zgoda|rules|akzeptier|"
    r"einverstanden|j.?accepte|acepto|acconsento|152|cgu|\btou\b"
)
EMAIL = _words(
    r"e.?mail|почт|^mail\b|\bmail\b|correo|courriel|электрон|эл\.|эл адрес|имейл|емейл|мыло|"
    r"email|posta elettronica|メール|邮箱|邮件|이메일|user mail|skrzynk"
)
PHONE = _words(
    r"phone|телефон|\btel\b|tel[eé]f|mobile|mobil\b|мобил|\bтел\b|\bтел\.|handy|rufnummer|cell\b|"
    r"whats.?app|вацап|ватсап|\bphon\b|fone|номер для|"
    r"контактный номер|celular|portable|telephone|handphone|rückruf|home tel|gsm|t[eé]l\b|電話|电话|手机|전화"
)
SUBJECT = _words(
    r"subject|тема\b|\btema\b|betreff|sujet|asunto|objet|oggetto|topic|заголовок|title of|"
    r"^title\b|reason|inquiry type|id contact|предмет|temat\b|"
    r"department|отдел|enquiry type|nature of|anliegen|wie können wir|con tit|тип (?:вопроса|"
    r"обращения)|причина|category|категория|assunto|件名"
)
MESSAGE = _words(
    r"message|сообщени|комментари|comment|вопрос|текст|question|enquiry|inquiry|nachricht|"
    r"mitteilung|anfrage|mensaje|messaggio|"
    r"отзыв|review|описание|body|note|пожелани|details|description|feedback|text\b|wiadomo|"
    r"treść|mensagem|howcanwe|request|about|bemerkung|remarks"
)
ORDER_NUMBER = _words(
    r"order.?(?:no|num|id|number)|номер\s*(?:заказ|счет)|bestell.?nummer|bestell.?nr|"
    r"auftragsnummer|id order|num[eé]ro de commande|invoice"
)
FIRST_NAME = _words(
    r"first.?name|given.?name|fname|vorname|pr[eé]nom|\bimi[eę]\b|forename|firstname|\bvname\b|keresztn"
)
LAST_NAME = _words(
    r"last.?name|surname|family.?name|lname|nachname|фамили|apellido|cognome|nom de famille|"
    r"nazwisko|lastname|second name|sobrenome"
)
MIDDLE_NAME = _words(r"middle.?(?:name|initial)|отчество|second.?name|patronymic")
NAME = _words(
    r"\bname\b|\bимя\b|\bфио\b|\bfio\b|ф\.\s?и\.\s?о|как\s*(?:вас|к\s*вам)|your.?name|"
    r"full.?name|представьтесь|контактное лицо|\bnom\b|nombre|nome|"
    r"customer.?name|author|sender|contact.?name|nickname|pseudo|display name|имени|"
    r"обращаться|ihr name|jmeno|jméno|\bnume\b|namn|contact person|имя|"
    r"ansprechpartner|naam|이름|姓名|お名前|person|backname|posted ?by|full ?name"
)
NOT_NAME = _words(
    r"user.?name|login|логин|company|organi[sz]ation|фирм|компани|firma|product|товар|domain|"
    r"file|benutzer|card|school|street|business|nick.?name на|"
    r"город|страна|screen|tag name|event|empresa|società|societe|hotel|list|model|brand"
)
ADDRESS = _words(
    r"address|адрес|street|улиц|\bcity\b|город|\bzip\b|post.?(?:al)?.?code|postcode|индекс|"
    r"country|страна|state\b|province|region|регион|plz\b|\bort\b|"
    r"strasse|straße|land\b|house|дом\b|квартир|\bapt\b|ville|adresse|ciudad|direcci|"
    r"c[oó]digo postal|indirizzo|citt[aà]|location|suburb|"
    r"municipality|\bcap\b|hausnummer|stadt|kraj\b|miasto|ulica|county|pays|zipcode|town|"
    r"departamento|provincia|área|endere|cidade|bairro|cep\b|estado|localit"
)
FAX = _words(r"\bfax\b|факс")


def role_of(control: Control) -> FieldRole:
    """The role of one control, by itself."""
    by_type = _by_type(control)
    if by_type is not None:
        return by_type
    if _is_trap(control):
        return FieldRole.HONEYPOT
    if control.type in ("checkbox", "radio"):
        return _of_box(control)
    return _of_text(control)


def _by_type(control: Control) -> FieldRole | None:
    if (
        CAPTCHA.search(control.name)
        and control.type != "file"
        and not (control.is_out_of_sight and control.is_typed and "sid" not in control.name)
    ):
        return FieldRole.TOKEN if control.type == "hidden" and "sid" in control.name else FieldRole.CAPTCHA
    if control.is_button:
        return FieldRole.SUBMIT
    if control.type == "file":
        return FieldRole.FILE
    if control.type == "hidden":
        return FieldRole.TOKEN if TOKEN.search(control.code) or _looks_random(control) else FieldRole.OTHER
    return (
        FieldRole.OTHER if control.type in ("password", "reset", "button", "color", "range", "date") else None
    )


def _looks_random(control: Control) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9+/=_-]{24,}", control.element.get("value") or "")) and bool(
        re.search(r"\d", control.element.get("value") or "")
    )


def _is_trap(control: Control) -> bool:
    """A field that no person sees or is told to leave alone: only a robot would fill it."""
    if not (control.is_typed or control.type == "checkbox"):
        return False
    if (
        HONEYPOT.search(control.code)
        or HONEYPOT.search(control.label)
        or HONEYPOT.search(control.surroundings.replace("-", " "))
    ):
        return True
    if control.element.get("tabindex") == "-1" and (
        control.element.get("autocomplete") in ("off", "nope", "new-password") and control.type != "checkbox"
    ):
        return bool(
            control.is_out_of_sight
            or control.element.get("aria-hidden") == "true"
            or BAIT_NAMES.search(control.code)
        )
    return (
        control.is_out_of_sight
        and control.type in ("text", "email", "url", "tel")
        and bool(BAIT_NAMES.search(control.code))
    )


def _of_box(control: Control) -> FieldRole:
    said = f"{control.code} {control.label}"
    if control.type == "radio":
        return FieldRole.SUBJECT if SUBJECT.search(control.code) else FieldRole.OTHER
    if NEWSLETTER.search(said) and not re.search(r"персональн|обработк", said):
        return FieldRole.NEWSLETTER
    return FieldRole.CONSENT if CONSENT.search(said) else FieldRole.OTHER


RULES: tuple[tuple[FieldRole, Callable[[Control, str], bool]], ...] = (
    (FieldRole.CAPTCHA, lambda control, said: bool(CAPTCHA.search(said)) and control.type != "textarea"),
    (FieldRole.ORDER_NUMBER, lambda _, said: bool(ORDER_NUMBER.search(said))),
    (FieldRole.OTHER, lambda _, said: bool(FAX.search(said) or MIDDLE_NAME.search(said))),
    (FieldRole.EMAIL, lambda control, said: control.type != "select" and bool(EMAIL.search(said))),
    (FieldRole.LAST_NAME, lambda control, said: control.type != "select" and bool(LAST_NAME.search(said))),
    (FieldRole.FIRST_NAME, lambda control, said: control.type != "select" and bool(FIRST_NAME.search(said))),
    (FieldRole.PHONE, lambda _, said: bool(PHONE.search(said))),
    (
        FieldRole.NAME,
        lambda control, said: (
            control.type != "select" and bool(NAME.search(said)) and not NOT_NAME.search(said)
        ),
    ),
    (FieldRole.ADDRESS, lambda _, said: bool(ADDRESS.search(said))),
    (FieldRole.SUBJECT, lambda _, said: bool(SUBJECT.search(said))),
    (FieldRole.MESSAGE, lambda control, said: control.type == "text" and bool(MESSAGE.search(said))),
)


def _of_text(control: Control) -> FieldRole:
    if control.type == "textarea":
        return FieldRole.MESSAGE if not ADDRESS.search(control.code) else FieldRole.ADDRESS
    if control.type in ("email", "tel"):
        return FieldRole.EMAIL if control.type == "email" else FieldRole.PHONE
    # The label is for people and seldom lies; the name may be left over from another form.
    for said in (control.label, control.code):
        for role, fits in RULES:
            if said and fits(control, said):
                return role
    return FieldRole.OTHER
