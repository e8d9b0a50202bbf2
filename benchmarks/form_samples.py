"""Small forms in many languages, written for training: they teach the words that few labelled pages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).with_name("form_samples.txt")
"""What contact forms ask, a language a line; the first line tells which field a column is."""
NAMES = (
    {
        "name": "name",
        "first": "first_name",
        "last": "last_name",
        "email": "email",
        "phone": "phone",
        "subject": "subject",
        "message": "message",
        "company": "company",
        "address": "address",
        "city": "city",
        "zip": "zip",
        "captcha": "captcha",
        "consent": "consent",
        "newsletter": "newsletter",
        "number": "order_number",
        "website": "website",
    },
    {
        "name": "your-name",
        "first": "firstName",
        "last": "lastName",
        "email": "your-email",
        "phone": "your-tel",
        "subject": "your-subject",
        "message": "your-message",
        "company": "organization",
        "address": "street",
        "city": "town",
        "zip": "postcode",
        "captcha": "captcha_word",
        "consent": "acceptance",
        "newsletter": "optin",
        "number": "orderNo",
        "website": "url",
    },
    {
        "name": "f1",
        "first": "f2",
        "last": "f3",
        "email": "f4",
        "phone": "f5",
        "subject": "f6",
        "message": "f7",
        "company": "f8",
        "address": "f9",
        "city": "f10",
        "zip": "f11",
        "captcha": "f12",
        "consent": "f13",
        "newsletter": "f14",
        "number": "f15",
        "website": "f16",
    },
)
ROLES = {
    "name": "name", "first": "first_name", "last": "last_name", "email": "email", "phone": "phone",
    "subject": "subject", "message": "message", "company": "other", "address": "address", "city": "address",
    "zip": "address", "captcha": "captcha", "consent": "consent", "newsletter": "newsletter",
    "number": "order_number", "website": "other",
}  # fmt: skip
LAYOUTS = (
    ("name", "email", "phone", "subject", "message", "consent"),
    ("first", "last", "company", "email", "message", "captcha", "newsletter"),
    ("name", "address", "zip", "city", "phone", "email", "number", "message"),
    ("name", "email", "website", "message"),
)
KINDS = {
    "search": """
        Search: Search products; Поиск: Найти товар; Suche: Suchbegriff eingeben; Recherche: Rechercher;
        Buscar: Buscar productos; Cerca: Cerca nel sito; Szukaj: Szukaj produktu; Zoeken: Zoek; Hledat:
        Hledaný výraz""",
    "newsletter": """
        Subscribe: Your e-mail; Подписаться: Ваш e-mail; Newsletter abonnieren: E-Mail-Adresse;
        S'abonner à la newsletter: Adresse e-mail; Suscribirse: Correo electrónico; Iscriviti alla
        newsletter: E-mail; Zapisz się do newslettera: Adres e-mail; Aanmelden nieuwsbrief: E-mailadres;
        Odebírat novinky: E-mail""",
    "password": """
        Reset password: E-mail; Восстановить пароль: Ваш e-mail; Passwort zurücksetzen: E-Mail-Adresse;
        Mot de passe oublié: Adresse e-mail; Recuperar contraseña: Correo electrónico; Recupera
        password: E-mail; Przypomnij hasło: E-mail; Wachtwoord vergeten: E-mailadres; Zapomenuté heslo:
        E-mail""",
    "login": """
        Log in: E-mail: Password; Войти: Логин: Пароль; Anmelden: E-Mail: Passwort; Connexion: E-mail:
        Mot de passe; Iniciar sesión: Usuario: Contraseña; Accedi: E-mail: Password; Zaloguj się: Login:
        Hasło""",
    "registration": """
        Create account: Name: E-mail: Password; Зарегистрироваться: Имя: E-mail: Пароль; Konto
        erstellen: Name: E-Mail: Passwort; Créer un compte: Nom: E-mail: Mot de passe; Crear cuenta:
        Nombre: Correo: Contraseña; Registrati: Nome: E-mail: Password; Zarejestruj się: Imię: E-mail:
        Hasło""",
    "request": """
        Call me back: Name: Phone; Перезвоните мне: Имя: Телефон; Заказать звонок: Ваше имя: Номер
        телефона; Оставить заявку: Имя: Телефон; Купить в 1 клик: Имя: Телефон; Rückruf anfordern: Name:
        Telefon; Être rappelé: Nom: Téléphone; Te llamamos: Nombre: Teléfono; Richiedi di essere
        richiamato: Nome: Telefono""",
    "comment": """
        Leave a review: Name: Your review; Оставить отзыв: Имя: Ваш отзыв; Post comment: Name: Comment;
        Оставить комментарий: Имя: Комментарий; Bewertung abgeben: Name: Ihre Bewertung; Kommentar
        schreiben: Name: Kommentar; Laisser un avis: Nom: Votre avis; Publicar comentario: Nombre:
        Comentario; Lascia una recensione: Nome: Recensione; Dodaj opinię: Imię: Opinia""",
    "contact": """
        Send message: Name: E-mail: Message; Отправить сообщение: Имя: E-mail: Сообщение; Задать вопрос:
        Ваше имя: Почта: Ваш вопрос; Nachricht senden: Name: E-Mail: Ihre Nachricht; Anfrage senden:
        Name: E-Mail: Ihre Frage zum Produkt; Envoyer le message: Nom: E-mail: Message; Enviar mensaje:
        Nombre: Correo: Mensaje; Invia richiesta: Nome: E-mail: Messaggio; Wyślij wiadomość: Imię:
        E-mail: Treść; Verstuur bericht: Naam: E-mail: Bericht; Ask about this product: Name: E-mail:
        Your question""",
}


@dataclass(frozen=True)
class Sample:
    html: str
    kind: str
    roles: dict[str, str]
    """Of its fields, by name."""


def samples() -> Iterator[Sample]:
    yield from _contact_forms()
    yield from _others()


def _rows(table: str) -> list[dict[str, str]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def _contact_forms() -> Iterator[Sample]:
    for row, words in enumerate(_rows(WORDS.read_text(encoding="utf-8"))):
        for turn, layout in enumerate(LAYOUTS):
            names = NAMES[(row + turn) % 3]
            fields = "".join(_field(what, names[what], words[what], row + turn) for what in layout)
            button = f"<button>{words['send']}</button>"
            roles = {names[what]: ROLES[what] for what in layout}
            yield Sample(f"<form method=post action=/send>{fields}{button}</form>", "contact", roles)


def _field(what: str, name: str, label: str, turn: int) -> str:
    if what in ("consent", "newsletter"):
        return f'<label><input type=checkbox name="{name}"> {label}</label>'
    tag = ("textarea", "></textarea>") if what == "message" else ("input", ">")
    picture = "<img src=/picture.php>" if what == "captcha" else ""
    if turn % 3 == 0:
        told = f'<label for="x-{name}">{label}</label>'
        return f'{picture}<p>{told}<{tag[0]} id="x-{name}" name="{name}"{tag[1]}</p>'
    if turn % 3 == 1:
        return f'{picture}<div><{tag[0]} name="{name}" placeholder="{label}"{tag[1]}</div>'
    return f'{picture}<tr><td>{label}:</td><td><{tag[0]} name="{name}"{tag[1]}</td></tr>'


def _others() -> Iterator[Sample]:
    for kind, table in KINDS.items():
        for turn, entry in enumerate(table.split(";")):
            button, *labels = (" ".join(part.split()) for part in entry.split(":"))
            fields = "".join(_small(kind, place, label, len(labels)) for place, label in enumerate(labels))
            method = "get" if kind == "search" else "post"
            shown = f"<button>{button}</button>" if turn % 2 else f'<input type=submit value="{button}">'
            yield Sample(
                f"<h3>{button}</h3><form method={method} action=/go>{fields}{shown}</form>", kind, {}
            )


def _small(kind: str, place: int, label: str, count: int) -> str:
    last = place == count - 1
    if last and kind in ("comment", "contact"):
        return f"<textarea name=a{place} placeholder='{label}'></textarea>"
    secret = "password" if last and kind in ("login", "registration") else "text"
    return f'<input type={secret} name=a{place} placeholder="{label}">'
