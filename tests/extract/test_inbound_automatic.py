"""Programs and people are told apart.

No corpus of real automatic answers was found: these cases are built from the headers that the standards and
help desks name, and from wordings that shops use in both languages.
"""

import pytest

from discount_broker.outreach.inbound import IntentKind, read_inbound
from discount_broker.outreach.status import ReplyKind
from tests.extract.inbound_mails import mail


@pytest.mark.parametrize(
    ("text", "headers", "kind"),
    [
        ("Да, можем дать 10 %.", {}, ReplyKind.HUMAN),
        ("Да, можем дать 10 %.", {"Auto_Submitted": "no"}, ReplyKind.HUMAN),
        ("Буду позже.", {"Auto_Submitted": "auto-replied"}, ReplyKind.AUTO_REPLY),
        ("Спасибо за письмо.", {"X_Autoreply": "yes"}, ReplyKind.AUTO_REPLY),
        ("Я в отпуске до 15.02.", {"Subject": "Автоответ: Запрос"}, ReplyKind.AUTO_REPLY),
        ("I am out of the office until Monday.", {"Subject": "Out of Office: x"}, ReplyKind.AUTO_REPLY),
        ("I'm away.", {"Subject": "Automatic reply: x"}, ReplyKind.AUTO_REPLY),
        (
            "Здравствуйте! Ваше обращение №48213 зарегистрировано. Мы ответим в течение дня.",
            {"Auto_Submitted": "auto-replied"},
            ReplyKind.ACKNOWLEDGEMENT,
        ),
        ("Your request (#4821) has been received and is being reviewed.", {}, ReplyKind.ACKNOWLEDGEMENT),
        ("We received your order list, the price can be 10 % lower.", {}, ReplyKind.HUMAN),
        ("Спасибо за обращение! Отвечаем сразу: можем дать скидку 5 %.", {}, ReplyKind.HUMAN),
        (
            "We tried to deliver, it was rejected. 500 rub. each.",
            {"Subject": "Re: delivery"},
            ReplyKind.HUMAN,
        ),
    ],
)
def test_programs_and_people_are_told_apart(text: str, headers: dict[str, str], kind: ReplyKind) -> None:
    assert read_inbound(mail(text, **headers)).kind == kind


def test_a_holiday_note_is_known_however_long_the_letter_that_hangs_quoted_below_it() -> None:
    quoted = "> Здравствуйте, покупатель готов купить у вас этот товар.\n" * 40
    found = read_inbound(mail(f"Я в отпуске до 15.02.\n\nСкидка <r@b.test>:\n{quoted}", Subject="Re: Запрос"))
    assert (found.kind, found.reply_text) == (ReplyKind.AUTO_REPLY, "Я в отпуске до 15.02.")


def test_a_holiday_note_of_ours_that_a_person_quotes_makes_nobody_automatic() -> None:
    found = read_inbound(mail("Хорошо, спасибо.\n\nСкидка <r@b.test>:\n> Я в отпуске до 15.02."))
    assert found.kind is ReplyKind.HUMAN


PEOPLE = (
    "Thank you, we accept, 5 %",
    "Спасибо, принимаем, 5 %",
    "Thank you for your request. We can offer 5 % off.",
    "Thanks for your e-mail! Yes, 5 %.",
    "Здравствуйте! Спасибо за обращение. На этот товар скидка 5 %. Ждём покупателя.",
    "Здравствуйте, спасибо за письмо. Скидок не делаем.",
    "Спасибо за обращение, уточните, пожалуйста, город покупателя?",
    "Thank you for contacting us. Which colour does the buyer want?",
    "Добрый день! Получили ваше письмо, передала руководителю. Завтра отвечу. Анна",
    "Ваш запрос получила, уточню у поставщика и напишу вам сегодня. Мария, отдел продаж",
    "I received your message and will check with my manager tomorrow. Kate",
    "Я сейчас в отпуске, но для вас сделаю 5 %.",
    "Заявка принята, дадим 7 %.",
    "Не отвечайте на это письмо, отвечайте мне на мою почту: anna@shop.test. Скидку 5 % дадим.",
    "По вашему обращению 48213 сообщаем: скидки на этот товар не предусмотрены.",
    "Ваш запрос рассмотрели, скидки нет.",
    "По вашему запросу: цена 5 000 руб. для вас.",
    "Заявка у нас в работе, отвечу завтра.",
    "Получили ваше письмо, но скидок не делаем.",
    "We received your request and unfortunately cannot offer a discount.",
    "We have received your message, the best we can do is 3 %.",
    "Спасибо за запрос! Какая модель интересует?",
    "Спасибо за интерес к нашему магазину. Цена фиксированная.",
    "Ваш заказ принят? Мы не видим оплаты.",
    "Мы закрыты по понедельникам, приезжайте во вторник, дадим 5 %.",
    "I will be in the office on Monday, we can discuss 5 % then.",
    "Сегодня не работаем, завтра сделаем вам 5 %.",
    "Здравствуйте. Кто вы и откуда у вас наш адрес?",
    "Не пишите нам больше.",
    "Please stop writing to us.",
    "The parcel could not be delivered, undeliverable address. Please give a new one.",
    "Ok.",
    "Да",
    "да, можно",
    "Позвоните по телефону 8 495 104-83-86, обсудим",
    "Здравствуйте, товар закончился.",
    "Sorry, out of stock.",
    "Please contact our store manager directly at opt@shop.test, thank you.",
    "Thank you for your message. Please note our prices are final. Best, Anna",
    "Thank you for contacting us! The price is 500 EUR with 5% discount for you.",
    "Ваше предложение интересно. Вернусь к вам с ответом завтра. Ольга",
    "Вопрос передал в отдел закупок, жду ответа.",
    "Уточняем у поставщика, сообщим.",
    "Ваш вопрос принял, уточняю.",
    "Добрый день! Принято, уточняем.",
    "We are checking with the supplier.",
    "Нужно посчитать, вернусь с ответом.",
)
AWAY = (
    "Я в отпуске до 15.02, по срочным вопросам пишите на opt@shop.test",
    "Здравствуйте! Я нахожусь в отпуске с 1 по 15 февраля.",
    "Спасибо за письмо! Я отсутствую на рабочем месте до 20 января. По срочным вопросам обращайтесь к Марии.",
    "Добрый день! В настоящее время я нахожусь на больничном.",
    "Это автоматический ответ. Наш магазин работает с 9 до 18.",
    "Спасибо за ваше письмо. Сейчас мы не работаем, ответим в рабочее время: пн-пт с 9 до 18.",
    "Данное письмо сформировано автоматически, пожалуйста, не отвечайте на него.",
    "I am out of the office until Monday with limited access to email.",
    "Thank you for your email. I am currently on annual leave and will return on 5 January.",
    "I'm on vacation until Feb 15. For urgent matters contact opt@shop.test.",
    "Thanks for your message. I'm away from my desk and will respond when I get back on Monday.",
    "Our office is closed for the holidays until January 9.",
    "This is an automated response. Please do not reply.",
    "Здравствуйте! Я в отпуске по 20.01. С уважением, Иван",
    "Меня не будет на рабочем месте до 15 февраля. По срочным вопросам: Мария, opt@shop.test",
    "Сейчас я не на работе. Буду в понедельник.",
    "I am out of office with no access to email.",
    "Thanks for your mail, I'm out of the office until 5 Jan.",
    "On parental leave until March. Please contact sales@shop.test.",
    "Магазин закрыт на каникулы до 9 января.",
    "Добрый день! В связи с праздниками офис не работает до 9 января.",
    "We are closed for the Christmas holidays and will reopen on Jan 7.",
)
TICKETS = (
    "Ваше обращение №48213 зарегистрировано. Мы ответим в течение дня.",
    "Здравствуйте! Ваша заявка принята. Номер заявки: 12345.",
    "Мы получили ваше письмо и ответим в ближайшее время.",
    "Спасибо за обращение! Наш менеджер свяжется с вами в ближайшее время.",
    "Благодарим за обращение в интернет-магазин. Ваш запрос передан в отдел продаж, ожидайте ответа.",
    "Ваше сообщение получено. Ответ будет дан в течение 24 часов.",
    "Вашему обращению присвоен номер 20391.",
    "Ваш запрос #5566 создан. Чтобы добавить комментарий, ответьте на это письмо.",
    (
        "##- Введите ответ над этой строкой -##\n\nВаш запрос (5566) получен и рассматривается"
        " нашей службой поддержки."
    ),
    "Создан тикет #99887. Спасибо, что обратились в службу поддержки!",
    "Обращение HD-1029 принято в работу. Не меняйте тему письма.",
    "Your request (#4821) has been received and is being reviewed by our support staff.",
    (
        "##- Please type your reply above this line -##\n\nYour request (4821) has been"
        " received.\n\nTo add additional comments, reply to this email."
    ),
    (
        "Thank you for contacting Shop support. We have received your request and will get back to"
        " you within 24 hours."
    ),
    "A new ticket has been created: SHOP-221. Our team will respond shortly.",
    "We've received your message. Your ticket number is 88231.",
    "Thanks for reaching out! We'll get back to you as soon as possible.",
    "Hi there, thanks for getting in touch. One of our agents will reply within one business day.",
    "Your enquiry has been logged under reference 77-120.",
    "Case 00124455 has been opened on your behalf.",
    "Спасибо! Ваше письмо очень важно для нас. Мы обязательно ответим на него.",
    "Ваша заявка №77 принята. Дарим скидку 10 % на первый заказ по промокоду HELLO10!",
    "JIRA: Запрос SD-124 зарегистрирован",
    "Здравствуйте! Спасибо, что написали нам. Мы обработаем ваш запрос в ближайшее рабочее время.",
    "Вы обратились в службу поддержки магазина. Номер вашего запроса 123456.",
    (
        "Уважаемый клиент! Ваше обращение зарегистрировано под номером 2024-118 и будет"
        " рассмотрено в течение 3 рабочих дней."
    ),
    "Мы приняли ваше обращение №991 и уже работаем над ним.",
    "Заявка [T-5512] успешно создана.",
    "Your support request has been submitted. Reference number: 99-120.",
    "Hello, we got your email and a member of our team will be in touch soon.",
    "Ваше письмо доставлено в отдел продаж. Мы ответим вам в течение рабочего дня.",
    "This is to confirm that we have received your enquiry.",
    "Thank you for your inquiry. A sales representative will contact you within 2 business days.",
    "Мы уже работаем над вашим вопросом. Идентификатор обращения: 77812.",
    "Ваше сообщение очень важно для нас, специалист ответит вам в порядке очереди.",
)
AUTOMATIC_SUBJECTS = (
    "Автоответ: Запрос",
    "Автоматический ответ: Запрос скидки",
    "Automatic reply: Request",
    "Out of Office: Request",
    "Auto: Request",
    "AutoReply: x",
    "[Auto-Reply] x",
    "Я в отпуске Re: Запрос",
    "Отсутствие на рабочем месте: Запрос",
    "Re: Запрос (автоответ)",
    "Out of the office Re: x",
    "Away from the office: x",
    "Ich bin abwesend / Abwesenheitsnotiz",
)
HEADERS = (
    ("Auto_Submitted", "auto-replied"),
    ("Auto_Submitted", "auto-generated (vacation)"),
    ("Auto_Submitted", 'Auto-Replied; owner-email="a@b.test"'),
    ("Auto_Submitted", "auto-notified"),
    ("X_Autoreply", "yes"),
    ("X_Autorespond", "Re: Request"),
    ("X_Autoresponder", "1"),
    ("X_Mail_Autoreply", "1"),
    ("X_FC_MachineGenerated", "true"),
    ("Precedence", "auto_reply"),
    ("X_Precedence", "auto_reply"),
    ("Delivered_To", "autoresponder"),
    ("Return_Path", "<>"),
)
HEADERS_OF_PEOPLE = (
    ("Auto_Submitted", "no"),
    ("Auto_Submitted", "No (I typed it)"),
    ("Precedence", "list"),
    ("Precedence", "bulk"),
    ("X_Auto_Response_Suppress", "OOF, AutoReply"),
)


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_is_a_person(text: str) -> None:
    assert read_inbound(mail(text)).kind == ReplyKind.HUMAN


@pytest.mark.parametrize("text", AWAY)
def test_an_automatic_answer_without_any_header_is_told_by_its_words(text: str) -> None:
    assert read_inbound(mail(text)).kind == ReplyKind.AUTO_REPLY


@pytest.mark.parametrize("text", TICKETS)
def test_a_ticket_without_any_header_is_told_by_its_words(text: str) -> None:
    assert read_inbound(mail(text)).kind == ReplyKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize("subject", AUTOMATIC_SUBJECTS)
def test_a_subject_tells_an_automatic_answer(subject: str) -> None:
    assert read_inbound(mail("Скидка 5 %", Subject=subject)).kind == ReplyKind.AUTO_REPLY


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_a_header_outweighs_whatever_the_words_say(name: str, value: str) -> None:
    read = read_inbound(mail("Дадим скидку 10 %.", **{name: value}))
    assert read.kind == ReplyKind.AUTO_REPLY
    assert read.automatic_headers == (f"{name.replace('_', '-')}: {value}",)
    assert read.intents == ()


@pytest.mark.parametrize(("name", "value"), HEADERS_OF_PEOPLE)
def test_headers_that_people_send_too_prove_nothing(name: str, value: str) -> None:
    read = read_inbound(mail("Дадим скидку 10 %.", **{name: value}))
    assert read.kind == ReplyKind.HUMAN
    assert read.automatic_headers == ()


@pytest.mark.parametrize(
    "subject",
    [
        "[#48213] Ваше обращение зарегистрировано",
        "[Request received] Discount",
        "Ticket #8821: we received it",
    ],
)
def test_a_ticket_is_told_by_its_subject(subject: str) -> None:
    assert read_inbound(mail("Здравствуйте.", Subject=subject)).kind == ReplyKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: [#48213] Запрос скидки", "Здравствуйте! По вашему обращению №48213: можем дать скидку 7 %."),
        ("Re: [Ticket 8821] Discount", "Hello, regarding ticket #8821 - yes, we can do 5% off."),
    ],
)
def test_a_person_who_answers_out_of_a_help_desk_is_a_person(subject: str, text: str) -> None:
    assert read_inbound(mail(text, Subject=subject)).kind == ReplyKind.HUMAN


def test_a_program_can_say_until_when_and_where_to_write_but_not_stop_us() -> None:
    text = (
        "I am out of the office until 5 January 2030. Please write to opt@shop.test. Do not contact us again."
    )
    read = read_inbound(mail(text, Auto_Submitted="auto-replied"))
    assert {intent.kind for intent in read.intents} == {IntentKind.OUT_UNTIL, IntentKind.NEW_ADDRESS}
