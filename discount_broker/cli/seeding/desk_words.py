"""Letters, stops and questions of the seeded desk: invented, in Russian and in English."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StrayWords:
    """A letter that names no conversation, or one that is not quite there."""

    sender: str
    """Places in braces are filled with what is known of an outreach to such a shop."""
    subject: str
    text: str
    language: str = ""
    """Of the shop it belongs to; empty where it belongs to none."""
    headers: tuple[tuple[str, str], ...] = ()


STRAY = (
    StrayWords(
        "Максим <maxim.sklad@mail.example>",
        "Скидка по вашему запросу",
        "Здравствуйте! Пишу с личной почты, рабочая не отвечает.\n"
        "По запросу {slip} готовы дать 5 % при самовывозе.\n\nМаксим, {shop}",
        "ru",
    ),
    StrayWords(
        "{shop} <manager@{label}-opt.example>",
        "{product}",
        "Добрый день! Есть в наличии, цену для вашего покупателя обсудим.\nКому звонить?",
        "ru",
    ),
    StrayWords(
        "Mike <mike@{label}-retail.example>",
        "your customer",
        "Hi,\n\nabout the {product}: we can do 20 off if they collect it.\n\nMike, {shop}",
        "en",
    ),
    StrayWords(
        "Ольга <olga-1979@mail.example>",
        "Вопрос",
        "Добрый день, скажите, пожалуйста, вы ещё работаете? Нашла вас по рекламе.",
    ),
    StrayWords(
        "SEO Team <hello@first-place.example>",
        "Put your site on the first page",
        "Dear owner,\n\nwe can bring your site to the first page within a week.",
    ),
    StrayWords(
        "robot@tickets.example",
        "Заявка № 48-1170 зарегистрирована",
        "Ваше обращение принято и будет рассмотрено. Это письмо создано автоматически.",
        headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
    ),
)

QUESTIONS = {
    "ru": ("А когда можно забрать? И возьмёте ли оплату картой при получении?", "Спасибо! Подойдёт суббота?"),
    "en": ("When could I collect it, and do you take cards?", "Thank you! Would Saturday do?"),
}
ANSWERS = {
    "ru": ("Re: вопрос покупателя", "Можно завтра после 12, карты принимаем.\n\nС уважением,\nМаксим"),
    "en": ("Re: a question of the buyer", "Tomorrow after noon is fine, and yes, cards too.\n\nMike"),
}
NOTES = {
    "ru": "Здравствуйте! Мы говорили с магазином: цена держится до конца недели, решать можно спокойно.",
    "en": "Hello! We have talked to the shop: the price stands until the end of the week, so take your time.",
}

STOPS = (
    ("shop:chasy-na-ruku.example", "complaint", "Пожаловались почтовой службе на второе письмо."),
    ("shop:dom-tekstilya.example", "reply", "«Больше нам не пишите, мы со скидками не работаем.»"),
    ("shop:teapot-and-co.example", "never", "“Never again” was pressed on the offer page."),
    ("shop:bike-lane.example", "stop_page", "One click in the mail program."),
    ("email:buh@velograd.example", "operator", "Бухгалтерия просила писать только на info@."),
    ("domain:obl-gazeta.example", "operator", "Юрист издательства, письмо от редакции."),
    ("phone:+79990001122", "sms", "СТОП"),
    ("form:https://stroy-dvor.example/zvonok", "operator", "Форма для заказа звонка, её читает диспетчер."),
)
PAUSE = ("shop:lavka-sadovoda.example", "Просили подождать: переезжают на новый склад.")
TEXTS = {
    "ru": "{shop}: есть предложение по запросу {number}. Ответить СТОП, чтобы не получать SMS.",
    "en": "{shop} made an offer for {number}. Answer STOP to get no more texts.",
}
HOLD = "Звонил директор: просит ничего не слать, пока не поговорит с нами в понедельник."
REFUSED = "554 5.7.1 Service unavailable; our address stands on a block list"
