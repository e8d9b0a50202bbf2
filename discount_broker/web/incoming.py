"""Where mail providers hand over the mails they took for us, and tell what became of ours."""

import logging
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.messaging.inbound import (
    LARGEST_MAIL,
    NotAuthentic,
    NotReadable,
    Parcel,
    PostedMail,
    ReceiptEvent,
    check_password,
    letters,
    mailgun,
    postmark,
    sendgrid,
    ses,
    sns,
)
from discount_broker.messaging.use_cases import take_receipt
from discount_broker.outreach.ports import CertificateUnavailable, SignedTokens, SigningCertificates
from discount_broker.outreach.use_cases import receive_mail
from discount_broker.settings import Settings
from discount_broker.web.access import provider_only
from discount_broker.web.security import csrf

log = logging.getLogger(__name__)
bp = Blueprint("incoming", __name__, url_prefix="/in")
# Programs have no session; each request proves by itself whose it is.
csrf.exempt(bp)

LARGEST_REQUEST = 40 * 1024 * 1024
"""The largest mail, and what a provider wraps around it: base64, JSON, the same text once more."""
LARGEST_NOTICE = 4 * 1024 * 1024
"""SNS sends no more than 256 kB, SendGrid some thousand events at once."""
WITH_MAILS = frozenset({"incoming.mailgun_mail", "incoming.postmark_mail", "incoming.sendgrid_mail"})
COME_AGAIN = 60
"""Seconds."""


@bp.before_request
def take_large_requests() -> None:
    request.max_content_length = LARGEST_REQUEST if request.endpoint in WITH_MAILS else LARGEST_NOTICE


@bp.post("/mailgun/mime")
@provider_only("mailgun_key")
def mailgun_mail() -> ResponseReturnValue:
    """A mail of a route; the address ends in `mime`, so that Mailgun sends it whole."""
    fields = parcel().fields()
    token = mailgun.check(mailgun.signature_of_mail(fields), settings().mailgun_key, utcnow())
    mail = mailgun.read_mail(fields)
    use_once(token, mail.digest)
    # Only 200 and 406 keep Mailgun from sending it again, for eight hours.
    return said("kept") if keep(mail, "mailgun") else said("no such mailbox here", 406)


@bp.post("/mailgun/events")
@provider_only("mailgun_key")
def mailgun_event() -> ResponseReturnValue:
    posted = parcel().json()
    token = mailgun.check(mailgun.signature_of_event(posted), settings().mailgun_key, utcnow())
    event = mailgun.read_event(posted)
    if event is None:
        return said("of no use")
    use_once(token, event.reference)
    return note([event])


@bp.post("/postmark/mail")
@provider_only("postmark_password")
def postmark_mail() -> ResponseReturnValue:
    check_password(headers(), settings().postmark_password)
    keep(postmark.read_mail(parcel().json()), "postmark")
    return said("kept")


@bp.post("/postmark/events")
@provider_only("postmark_password")
def postmark_event() -> ResponseReturnValue:
    check_password(headers(), settings().postmark_password)
    event = postmark.read_event(parcel().json())
    return note([event] if event else [])


@bp.post("/sendgrid/mail")
@provider_only("sendgrid_password")
def sendgrid_mail() -> ResponseReturnValue:
    check_sendgrid()
    keep(sendgrid.read_mail(parcel().fields()), "sendgrid")
    return said("kept")


@bp.post("/sendgrid/events")
@provider_only("sendgrid_password")
def sendgrid_events() -> ResponseReturnValue:
    check_sendgrid()
    return note(sendgrid.read_events(parcel().json()))


@bp.post("/ses")
@provider_only("ses_topic")
def ses_notification() -> ResponseReturnValue:
    """Mails and events alike; and the one question whether we want them."""
    amazon: SigningCertificates = current_app.extensions["amazon_sns"]
    topics = tuple(topic.strip() for topic in settings().ses_topic.split(","))
    notification = sns.check(parcel(), topics, amazon.read, utcnow())
    if notification.kind == sns.CONFIRMATION:
        return said("subscribed") if amazon.confirm(notification.subscribe_url) else come_again()
    if notification.kind != sns.NOTIFICATION:
        log.warning("SNS has ended the subscription")
        return said("understood")
    told = ses.read_notification(notification)
    if not isinstance(told, PostedMail):
        return note(told)
    keep(told, "ses")
    return said("kept")


def keep(mail: PostedMail, source: str) -> bool:
    """Keep the mail for each of our addresses; whether one of its recipients is ours.

    What is too large is kept without its body: the provider has taken it, so nobody would hear of it.
    """
    content = mail.content
    if len(content) > LARGEST_MAIL:
        content = letters.cut_down(content, len(content))
    # A token with a typing error is ours too: matching repairs it, or a person files the mail.
    ours = [recipient for recipient in mail.recipients if site().is_own_mailbox(recipient.strip("<> "))]
    for recipient in ours:
        receive_mail(recipient, content, utcnow(), source=source, authentication=mail.authentication)
    if not ours:
        log.warning("a mail of %s is for none of our mailboxes", source)
    return bool(ours)


def note(events: list[ReceiptEvent]) -> ResponseReturnValue:
    """Put down what became of our messages."""
    for event in events:
        delivery_id = delivery_of(event)
        if delivery_id is None:
            log.info("an event belongs to no message of ours: %s", event.kind)
            continue
        try:
            take_receipt(
                delivery_id,
                event.kind,
                reference=event.reference,
                detail=event.detail,
                at=event.at,
                now=utcnow(),
            )
        except NotFound:
            log.info("an event belongs to a message that is gone: %s", event.kind)
    return said("noted")


def delivery_of(event: ReceiptEvent) -> UUID | None:
    """The message an event tells of: its Message-ID is made of its id, its envelope sender has its token."""
    local, _, domain = event.message_id.partition("@")
    try:
        if domain.lower() == site().mail_domain.lower():
            return UUID(local)
    except ValueError:
        return None
    kind, _, token = event.envelope_sender.strip("<> ").partition("@")[0].partition("+")
    try:
        return read_token(Purpose.BOUNCE, token, utcnow()) if kind.lower() == "bounce" else None
    except NotFound:
        return None


def check_sendgrid() -> None:
    """The password in the address; and the signature, where its public key is known."""
    check_password(headers(), settings().sendgrid_password)
    if settings().sendgrid_key:
        sendgrid.check_signature(parcel(), settings().sendgrid_key, utcnow())


def use_once(token: str, digest: str) -> None:
    tokens: SignedTokens = current_app.extensions["signed_tokens"]
    if not tokens.is_first_or_same(token, digest):
        raise NotAuthentic("the signature came before, with something else")


def parcel() -> Parcel:
    """The request as it came; its body is parsed by nobody before it is known whose it is."""
    return Parcel(request.get_data(), headers())


def headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def said(words: str, code: int = 200) -> Response:
    response = make_response(f"{words}\n", code)
    response.mimetype = "text/plain"
    return response


def come_again() -> Response:
    response = said("not kept, please send it again", 503)
    response.headers["Retry-After"] = str(COME_AGAIN)
    return response


@bp.errorhandler(NotAuthentic)
def refuse_stranger(error: NotAuthentic) -> Response:
    log.warning("refused at %s: %s", request.endpoint, error)
    if request.endpoint and request.endpoint.startswith(("incoming.postmark", "incoming.sendgrid")):
        response = said("a password is needed", 401)
        response.headers["WWW-Authenticate"] = 'Basic realm="incoming mail"'
        return response
    # Not 406: a key of ours that is wrong is put right within hours, and Mailgun sends again until then.
    return said("not signed by whom we know", 403)


@bp.errorhandler(NotReadable)
def refuse_riddle(error: NotReadable) -> Response:
    log.error("not understood at %s: %s", request.endpoint, error)
    return said("not understood", 406)


@bp.errorhandler(CertificateUnavailable)
def ask_again(error: CertificateUnavailable) -> Response:
    log.error("the certificate of SNS cannot be had: %s", error)
    return come_again()


@bp.errorhandler(HTTPException)
def say_plainly(error: HTTPException) -> Response:
    return said(error.name.lower(), error.code or 500)


@bp.errorhandler(Exception)
def lose_nothing(error: Exception) -> Response:
    """The database is away, or the fault is ours: the provider keeps the mail and comes again."""
    log.error("not kept at %s", request.endpoint, exc_info=error)
    return come_again()
