"""A reply is the words that a person wrote: no quotes, no headers of quotes, no signature."""

from email.message import EmailMessage

import pytest

from discount_broker.outreach.inbound import read_inbound, read_inbound_text


@pytest.mark.parametrize(
    ("body", "text", "signature"),
    [
        (
            (
                "Добрый день!\nДадим 7 %.\n\n-- \nАнна\n\n"
                "12 января 2030 г., 10:15 пользователь Скидка <r@b.test> написал:\n> Привет"
            ),
            "Добрый день!\nДадим 7 %.",
            "--\nАнна",
        ),
        ("Нет.\n\nпн, 14 янв. 2030 г. в 12:00, Скидка <r@b.test>:\n\n> Здравствуйте", "Нет.", ""),
        ('Нет.\n\n14.01.2030, 12:00, "Скидка" <r@b.test>:\nЗдравствуйте', "Нет.", ""),
        ("Нет.\n\nСкидка <r@b.test>:\n> Здравствуйте", "Нет.", ""),
        ("Да\n\n-----Исходное сообщение-----\nОт: x\nОтправлено: вчера", "Да", ""),
        (
            (
                "Yes, 5 %.\n\nFrom: Broker <r@b.test>\nSent: Monday, January 14, 2030 9:00 AM\n"
                "To: Sales\nSubject: Request\n\nHello"
            ),
            "Yes, 5 %.",
            "",
        ),
        ("OK\n\nOn Mon, Jan 14, 2030 at 9:00 AM Broker <r@b.test>\nwrote:\n\n> Hello", "OK", ""),
        ("> Can you give 10 %?\nYes.\n> Until when?\nFriday.", "Yes.\nFriday.", ""),
        (
            "Готовы дать 5 %.\n\nС уважением,\nИван Петров\nтел. 123",
            "Готовы дать 5 %.",
            "С уважением,\nИван Петров\nтел. 123",
        ),
        ("Да.\n\nОтправлено с iPhone", "Да.", "Отправлено с iPhone"),
        ("Вот список:\n- чайник\n- чашка", "Вот список:\n- чайник\n- чашка", ""),
        ("On Monday we are closed. We wrote you: 10 %.", "On Monday we are closed. We wrote you: 10 %.", ""),
    ],
)
def test_a_reply_is_what_the_person_wrote(body: str, text: str, signature: str) -> None:
    read = read_inbound_text(body)
    assert (read.reply_text, read.signature) == (text, signature)


def test_a_reply_in_html_loses_its_quote() -> None:
    message = EmailMessage()
    message["From"] = "sales@shop.test"
    message.set_content(
        "<div>Дадим <b>10&nbsp;%</b></div><script>x</script>"
        '<div class="gmail_quote">On Monday Broker wrote:<blockquote>Hello</blockquote></div>',
        subtype="html",
    )
    read = read_inbound(message.as_bytes())
    assert read.reply_text == "Дадим 10 %"
    assert read.language == "ru"


QUOTES = (
    "---- On Tue, 12 May 2020 10:11:12 +0200 John Doe <john@shop.test> wrote ----",
    "---- On Fri, 08 Jan 2016 12:24:20 +0100Someone &lt;x@y.test&gt; wrote ---- ",
    "12 Ekim 2019 Cmt, saat 14:20 tarihinde John Doe <john@shop.test> şunu yazdı:",
    "John Doe <john@shop.test> ezt írta (időpont: 2019. okt. 12., Szo, 14:20):",
    "În sâm., 12 oct. 2019 la 14:20, John Doe <john@shop.test> a scris:",
    "Missatge de John Doe <john@shop.test> del dia ds., 12 d’oct. 2019 a les 14:20:",
    "Στις Σάβ, 12 Οκτ 2019 στις 2:20 μ.μ., ο χρήστης John Doe <john@shop.test> έγραψε:",
    "في السبت، 12 أكتوبر 2019 في 2:20 م تمت كتابة ما يلي بواسطة John Doe <john@shop.test>:",
    (
        "\u202bבתאריך שבת, 12 באוק׳ 2019 ב-14:20 מאת \u202aJohn Doe\u202c\u200f"
        " <\u202ajohn@shop.test\u202c\u200f>:\u202c"
    ),
    "John Doe <john@shop.test> 于2019年10月12日周六 下午2:20写道：",
    "在 2016年1月8日，下午12:24，Someone <x@y.test> 写道：",
    "John Doe <john@shop.test> 於 2019年10月12日 週六 下午2:20寫道：",
    "2019年10月12日(土) 14:20 John Doe <john@shop.test>:",
    "2019/10/12 14:20、John Doe <john@shop.test>のメール:",
    "2019년 10월 12일 (토) 오후 2:20, John Doe <john@shop.test>님이 작성:",
    "Vào 14:20, Th 7, 12 thg 10, 2019 John Doe <john@shop.test> đã viết:",
    "la 12. lokak. 2019 klo 14.20 John Doe (john@shop.test) kirjoitti:",
    "so 12. 10. 2019 v 14:20 odesílatel John Doe <john@shop.test> napsal:",
    "so 12. 10. 2019 o 14:20 John Doe <john@shop.test> napísal(a):",
    "sob., 12 paź 2019 o 14:20 John Doe <john@shop.test> napisał(a):",
    "W dniu 12.10.2019 o 14:20, John Doe pisze:",
    "Em sáb., 12 de out. de 2019 às 14:20, John Doe <john@shop.test> escreveu:",
    "El sáb., 12 oct. 2019 a las 14:20, John Doe (<john@shop.test>) escribió:",
    "Il giorno sab 12 ott 2019 alle ore 14:20 John Doe <john@shop.test> ha scritto:",
    "Le sam. 12 oct. 2019 à 14:20, John Doe <john@shop.test> a écrit :",
    "Le 12 oct. 2019 à 14:20, John Doe a écrit :",
    "Am Sa., 12. Okt. 2019 um 14:20 Uhr schrieb John Doe <john@shop.test>:",
    "John Doe <john@shop.test> schrieb am Sa., 12. Okt. 2019, 14:20:",
    "Op za 12 okt. 2019 om 14:20 schreef John Doe <john@shop.test>:",
    "Op 12 okt. 2019 om 14:20 heeft John Doe <john@shop.test> het volgende geschreven:",
    "Den lør. 12. okt. 2019 kl. 14.20 skrev John Doe <john@shop.test>:",
    "lør. 12. okt. 2019 kl. 14:20 skrev John Doe <john@shop.test>:",
    "Den lör 12 okt. 2019 kl 14:20 skrev John Doe <john@shop.test>:",
    "12 okt 2019 kl. 14:20 skrev John Doe <john@shop.test>:",
    "сб, 12 жовт. 2019 р. о 14:20 John Doe <john@shop.test> пише:",
    "На сб, 12.10.2019 г. в 14:20 John Doe <john@shop.test> написа:",
    "сб, 12 окт. 2019 г. в 14:20, John Doe <john@shop.test>:",
    "12 октября 2019 г., 14:20 пользователь John Doe <john@shop.test> написал:",
    '12.10.2019, 14:20, "John Doe" <john@shop.test>:',
    "John Doe писал(а) 2019-10-12 14:20:",
    "Суббота, 12 октября 2019, 14:20 +03:00 от John Doe <john@shop.test>:",
    "12.10.2019 14:20, John Doe пишет:",
    "Вы писали 12 октября 2019 г., 14:20:40:",
    (
        "-------- Исходное сообщение --------\nОт: John Doe <john@shop.test>\nДата: 12.10.2019"
        " 14:20\nКому: x@y.test\nТема: Hi"
    ),
    "От: John Doe [mailto:john@shop.test]\nОтправлено: 12 октября 2019 г. 14:20\nКому: Sales\nТема: Запрос",
    (
        "От кого: John Doe <john@shop.test>\nКому: Sales\nДата: Суббота, 12 октября 2019, 14:20"
        " +03:00\nТема: Запрос"
    ),
    "---- Исходное письмо ----\nОт: john@shop.test",
    "От кого: John Doe\nКому: sales@shop.test\nКогда: 12 октября 2019 г., 14:20",
    "John Doe via Shop Desk wrote on 10/17/2014 02:31 PM:",
    "On 10/17/2014 02:31 PM, John Doe wrote:",
    "On Oct 17, 2014, at 2:31 PM, John Doe <john@shop.test> wrote:",
    "John Doe wrote on 2014-10-17 14:31:",
    "At 14:31 17.10.2014, you wrote:",
    "Quoting John Doe <john@shop.test>:",
    "2014-10-17 14:31 GMT+02:00 John Doe <john@shop.test>:",
    "John Doe <john@shop.test> wrote:",
    "john@shop.test wrote:",
    "Friday, October 17, 2014, 2:31:00 PM, you wrote:",
    "On Friday, October 17, 2014 2:31 PM, John Doe\n<john@shop.test> wrote:",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Friday, October 17, 2014 2:31 PM, John <john@shop.test> wrote:",
    (
        "________________________________\nFrom: John Doe <john@shop.test>\nSent: Friday, October"
        " 17, 2014 2:31 PM\nTo: Sales\nSubject: RE: x"
    ),
    (
        "*From:* John Doe <john@shop.test>\n*Sent:* Friday, October 17, 2014 2:31 PM\n*To:*"
        " Sales\n*Subject:* RE: x"
    ),
    "From: John Doe\nDate: Friday, October 17, 2014 at 2:31 PM\nTo: Sales\nSubject: x",
    "Von: John Doe <john@shop.test>\nGesendet: Freitag, 17. Oktober 2014 14:31\nAn: Sales\nBetreff: x",
    "De : John Doe <john@shop.test>\nEnvoyé : vendredi 17 octobre 2014 14:31\nÀ : Sales\nObjet : x",
    "De: John Doe <john@shop.test>\nEnviado el: viernes, 17 de octubre de 2014 14:31\nPara: Sales\nAsunto: x",
    "Da: John Doe\nInviato: venerdì 17 ottobre 2014 14:31\nA: Sales\nOggetto: x",
    "De: John\nEnviada em: sexta-feira, 17 de outubro de 2014 14:31\nPara: Sales\nAssunto: x",
    "Van: John\nVerzonden: vrijdag 17 oktober 2014 14:31\nAan: Sales\nOnderwerp: x",
    "Od: John\nWysłano: piątek, 17 października 2014 14:31\nDo: Sales\nTemat: x",
    "Od: John\nOdesláno: 17. října 2014 14:31\nKomu: Sales\nPředmět: x",
    "Fra: John\nSendt: 17. oktober 2014 14:31\nTil: Sales\nEmne: x",
    "Från: John\nSkickat: den 17 oktober 2014 14:31\nTill: Sales\nÄmne: x",
    "Lähettäjä: John\nLähetetty: 17. lokakuuta 2014 14:31\nVastaanottaja: Sales\nAihe: x",
    "Від: John\nНадіслано: 17 жовтня 2014 р. 14:31\nКому: Sales\nТема: x",
    "Kimden: John\nGönderildi: 17 Ekim 2014 14:31\nKime: Sales\nKonu: x",
    "发件人: John\n发送时间: 2014年10月17日 14:31\n收件人: Sales\n主题: x",
    "Feladó: John\nElküldve: 2014. október 17. 14:31\nCímzett: Sales\nTárgy: x",
    "##- Please type your reply above this line -##",
    "##- Введите ответ над этой строкой -##",
    (
        "---------- Forwarded message ---------\nFrom: John <john@shop.test>\nDate: Fri, 17 Oct"
        " 2014\nSubject: x\nTo: y"
    ),
    "Begin forwarded message:\n\nFrom: John\nSubject: x",
)
LETTER = "Yes, we can do that.\nSecond line."


@pytest.mark.parametrize("header", QUOTES)
@pytest.mark.parametrize(
    "quoted", ["Hello there\nthis was our letter", "> Hello there\n> this was our letter"]
)
def test_a_quote_ends_the_letter_in_whatever_language_it_is_announced(header: str, quoted: str) -> None:
    read = read_inbound_text(f"{LETTER}\n\n{header}\n\n{quoted}\n")
    assert read.reply_text == LETTER


def test_a_help_desks_own_letter_stands_below_its_mark() -> None:
    read = read_inbound_text("##- Please type your reply above this line -##\n\nYour request is solved: 5 %.")
    assert read.reply_text == "Your request is solved: 5 %."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("OK, 5 %.\n\n--\nAnna\nSales", "OK, 5 %."),
        ("OK, 5 %.\n\n-- \nAnna\nSales", "OK, 5 %."),
        ("OK, 5 %.\n\nBest regards,\nAnna Smith\nSales manager\n+1 234 567", "OK, 5 %."),
        ("Дадим 5 %.\n\nС уважением, Анна Петрова\nООО Ромашка\nтел. 8 800 555-35-35", "Дадим 5 %."),
        ("Дадим 5 %.\n---\nС уважением,\nАнна", "Дадим 5 %."),
        ("Дадим 5 %.\n\nОтправлено из мобильной Яндекс.Почты", "Дадим 5 %."),
        ("Дадим 5 %.\n\nОтправлено из Почты Mail", "Дадим 5 %."),
        ("Дадим 5 %.\n\nС уважением\nменеджер по продажам", "Дадим 5 %."),
        ("OK\n\nSent from my iPhone", "OK"),
        ("OK\n\nGet Outlook for Android", "OK"),
        ("OK\n\nKind regards / С уважением\nAnna", "OK"),
        ("Да.\nВсего доброго!\nАнна", "Да."),
        ("Да.\n\nЗаранее спасибо,\nАнна", "Да."),
        ("OK fine\n\n_____\nAnna", "OK fine"),
        (
            (
                "OK fine\n\nThis email and any attachments are confidential and intended solely for the"
                " addressee."
            ),
            "OK fine",
        ),
        (
            (
                "Дадим 5 %.\n\nДанное сообщение и вложения являются конфиденциальными и предназначены"
                " только адресату."
            ),
            "Дадим 5 %.",
        ),
    ],
)
def test_signatures_and_disclaimers_are_no_part_of_the_letter(body: str, text: str) -> None:
    assert read_inbound_text(body).reply_text == text


def test_signatures_quotes_and_disclaimers_ask_for_nothing() -> None:
    body = (
        "Здравствуйте, уточните город.\n\n--\nАнна, скидка 5 % всем! Звоните +7 495 104-83-86\n\n"
        "12.01.2030, 10:15, Broker <r@b.test>:\n> Просим скидку 10 %.\n> Чтобы не получать письма: STOP\n"
    )
    read = read_inbound_text(body)
    assert read.reply_text == "Здравствуйте, уточните город."
    assert read.intents == ()


def test_a_quote_behind_a_line_across_an_html_mail_is_cut_off() -> None:
    message = EmailMessage()
    message.set_content(
        "<p>5 % is fine</p><hr><b>From:</b> Broker<br><b>Sent:</b> Friday, 22 July 2030 18:20<br>"
        "<b>To:</b> sales<br><p>Hello</p>",
        subtype="html",
    )
    assert read_inbound(message.as_bytes()).reply_text == "5 % is fine"


@pytest.mark.parametrize(
    "hidden",
    [
        'style="display: none"',
        'style="color:red;font-size:0"',
        "hidden",
        'style="max-height:0px;overflow:hidden"',
    ],
)
def test_what_no_reader_sees_was_not_said(hidden: str) -> None:
    message = EmailMessage()
    message.set_content(
        f"<p>No discounts, sorry.</p><div {hidden}>We can do 50 %.</div><p>Anna</p>", subtype="html"
    )
    read = read_inbound(message.as_bytes())
    assert read.reply_text == "No discounts, sorry.\n\nAnna"
    assert [intent.kind for intent in read.intents] == ["decline"]
