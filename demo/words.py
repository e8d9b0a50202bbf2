"""What the supervisor says, in English and Russian."""

import os

SENTENCES = {
    "en": {
        "busy": "A demonstration already runs from this folder ({folder}). Stop it with Ctrl-C first.",
        "port_taken": "Port {wanted} ({name}) is taken: using {port} instead.",
        "queue": "The queue answers",
        "queue_cut": "The end of the queue's log was missing. "
        "Nothing is lost: the database knows what is left to do.",
        "queue_broken": "The queue's log could not be read and was put aside ({aside}). "
        "Nothing is lost: the database knows what is left to do.",
        "database": "The database is up to date",
        "operator": "The operator's account exists",
        "outside": "Eight shops and the mail server are open",
        "feeds": "The feeds of {shops} are read",
        "service": "The service is ready",
        "restarted": "{name} has ended and was started again; its log: {log}",
        "gave_up": "{name} ends again and again. Its last words ({log}):",
        "not_started": "{name} did not get ready. Its last words ({log}):",
        "failed": "{name} failed. Its last words ({log}):",
        "stopping": "Stopping …",
        "stopped": "Stopped. Everything is kept in {folder}; `make demo` goes on from there.",
        "ready": "Ready after {seconds:.1f} s",
        "open": "Open",
        "paste": "and paste one of these links (or “Ask for a discount” at the foot of a shop's page):",
        "confirm": "Your mail arrives here, whatever address you give. Confirm the request by its link:",
        "answer": "Be the shop: staff rooms show what arrived there. Answer by the link in the message:",
        "desk": "Be the operator: a shop that stays silent becomes a case at the desk",
        "password": "password",
        "clock": "The clock runs {speed} times faster: a working day takes half a minute.",
        "end": "Ctrl-C stops everything. Logs: {logs}",
        "safari": "Safari does not know *.localhost names: use Firefox or a Chromium-based browser.",
    },
    "ru": {
        "busy": "Демонстрация из этой папки ({folder}) уже идёт. Сначала остановите её: Ctrl-C.",
        "port_taken": "Порт {wanted} ({name}) занят, взят {port}.",
        "queue": "Очередь отвечает",
        "queue_cut": "Конец журнала очереди пропал. "
        "Ничего не потеряно: что осталось сделать, знает база данных.",
        "queue_broken": "Журнал очереди не читается и отложен ({aside}). "
        "Ничего не потеряно: что осталось сделать, знает база данных.",
        "database": "База данных готова",
        "operator": "Вход для оператора заведён",
        "outside": "Восемь магазинов и почта открыты",
        "feeds": "Прочитаны файлы товаров: {shops}",
        "service": "Сервис готов",
        "restarted": "{name}: процесс завершился и запущен снова; журнал: {log}",
        "gave_up": "{name}: процесс завершается раз за разом. Последние строки журнала ({log}):",
        "not_started": "{name}: процесс не готов. Последние строки журнала ({log}):",
        "failed": "{name}: ошибка. Последние строки журнала ({log}):",
        "stopping": "Останавливаем …",
        "stopped": "Остановлено. Всё сохранено в {folder}, `make demo` продолжит с того же места.",
        "ready": "Готово за {seconds:.1f} с",
        "open": "Откройте",
        "paste": "и вставьте одну из этих ссылок (или нажмите «Попросить скидку» внизу страницы магазина):",
        "confirm": "Почта приходит сюда, какой бы адрес вы ни указали. Подтвердите запрос по ссылке:",
        "answer": "Побудьте магазином: в комнате сотрудников видно, что пришло. Ответьте по ссылке:",
        "desk": "Побудьте оператором: магазин, который молчит, становится делом на столе",
        "password": "пароль",
        "clock": "Часы идут в {speed} раз быстрее: рабочий день длится полминуты.",
        "end": "Ctrl-C останавливает всё. Журналы: {logs}",
        "safari": "Safari не знает имён *.localhost: возьмите Firefox, Chrome или Яндекс Браузер.",
    },
}


def terminal_language() -> str:
    """Return the language the terminal asks for, by the usual variables in their usual order."""
    wanted = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "ru" if wanted.lower().startswith("ru") else "en"


LANGUAGE = terminal_language()


def say(key: str, **facts: object) -> str:
    return SENTENCES[LANGUAGE][key].format(**facts)
