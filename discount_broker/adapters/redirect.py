"""Safety outside production: every message of every channel becomes a mail to one address of ours."""

from dataclasses import replace
from html import escape

from discount_broker.adapters.mail_composition import one_address
from discount_broker.messaging.ports import (
    Channel,
    ChannelKind,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
)
from discount_broker.settings import WrongSetting

LONGEST_NAME = 200
WAYS = {
    ChannelKind.EMAIL: "e-mail",
    ChannelKind.WEB_FORM: "feedback form",
    ChannelKind.SMS: "text message",
}


class RedirectChannel:
    """Stands in the place of the channel of one kind, and mails what was meant for it to `to`.

    Neither the envelope nor the headers lead to the true recipient: a bounce of this mail says nothing
    of the door it was meant for, and nobody can forbid us that door by the button of this mail.
    """

    def __init__(self, mail: Channel, to: str, kind: ChannelKind) -> None:
        """Stand in for a channel.

        Raises:
            WrongSetting: `to` is not one address.

        """
        self._mail, self._to, self._way = mail, _one_address(to), WAYS[kind]

    def send(self, message: OutgoingMessage) -> Receipt:
        try:
            receipt = self._mail.send(self._redirected(message))
        except PermanentFailure as failure:
            # What the test mailbox says is not to close the door of a shop.
            raise PermanentFailure(str(failure), evidence=failure.evidence) from failure
        return Receipt(receipt.reference, {**receipt.evidence, "redirected to": self._to})

    def _redirected(self, message: OutgoingMessage) -> OutgoingMessage:
        name = _on_one_line(message.to)
        notice = f"Redirected: this {self._way} was meant for {name}"
        return replace(
            message,
            to=self._to,
            subject=_on_one_line(f"[{name[:LONGEST_NAME]}] {message.subject}"),
            text=f"{notice}\n\n{message.text}",
            html=message.html and _with_notice(message.html, notice),
            bounce_to="",
            stop_url="",
        )


def _one_address(to: str) -> str:
    try:
        return one_address(to)
    except PermanentFailure:
        raise WrongSetting("BROKER_REDIRECT_TO must be one e-mail address") from None


def _on_one_line(text: str) -> str:
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())


def _with_notice(html: str, notice: str) -> str:
    """The page with a first line of its own."""
    line = f'<p style="margin:0;padding:12px;background-color:#fff3cd;color:#1c2530">{escape(notice)}</p>'
    start = html.lower().find("<body")
    end = html.find(">", start) + 1 if start >= 0 else 0
    return f"{html[:end]}{line}{html[end:]}"
