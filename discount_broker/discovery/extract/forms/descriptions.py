"""What a form on a page is, and what each of its fields means. Plain descriptions."""

from dataclasses import dataclass
from enum import StrEnum


class FormKind(StrEnum):
    CONTACT = "contact"
    ORDER = "order"
    SEARCH = "search"
    LOGIN = "login"
    REGISTRATION = "registration"
    PASSWORD = "password"  # noqa: S105 - a kind of form, not a secret
    NEWSLETTER = "newsletter"
    COMMENT = "comment"
    FILTER = "filter"
    OTHER = "other"


class FieldRole(StrEnum):
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    SUBJECT = "subject"
    MESSAGE = "message"
    ORDER_NUMBER = "order_number"
    CONSENT = "consent"
    NEWSLETTER = "newsletter"
    HONEYPOT = "honeypot"
    TOKEN = "token"  # noqa: S105 - a role of a field, not a secret
    SUBMIT = "submit"
    CAPTCHA = "captcha"
    FILE = "file"
    ADDRESS = "address"
    OTHER = "other"


class Captcha(StrEnum):
    RECAPTCHA = "recaptcha"
    HCAPTCHA = "hcaptcha"
    SMARTCAPTCHA = "smartcaptcha"
    TURNSTILE = "turnstile"
    IMAGE = "image"
    OTHER = "other"


@dataclass(frozen=True)
class FormField:
    name: str
    role: FieldRole
    control: str
    """The input's type, or `textarea`, `select`, `button`."""
    is_required: bool = False


@dataclass(frozen=True)
class FoundForm:
    """One `<form>` of a page, in document order from 0."""

    index: int
    kind: FormKind
    confidence: float
    action: str
    """Absolute; where the form is sent."""
    method: str
    enctype: str
    captcha: Captcha | None
    fields: tuple[FormField, ...]
    needs_script: bool = False
    """No server would take it as it stands: the page's script sends it."""
    why: tuple[str, ...] = ()
    """The signs that decided the kind."""
