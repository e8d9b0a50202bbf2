"""Gateways for text messages behind the port `messaging.ports.Channel`, one module each."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from discount_broker.adapters.sms.folder import FolderSms
from discount_broker.adapters.sms.kannel import KannelSms
from discount_broker.adapters.sms.smsc import SmscSms
from discount_broker.adapters.sms.twilio import TwilioSms
from discount_broker.messaging.extract.sms_account import SmsAccount
from discount_broker.messaging.ports import Channel

__all__ = ["FolderSms", "KannelSms", "SmscSms", "TwilioSms", "make_sms_channel"]


def make_sms_channel(
    account: SmsAccount, *, sender: str, price: Decimal, receipt_url: Callable[[str, str], str]
) -> Channel:
    """The channel of an account; `receipt_url` says where its gateway tells what became of a message.

    It gets the name of the gateway and the idempotency key of the message.
    """
    if account.provider == "kannel":
        return KannelSms(account, sender=sender, price=price, receipt_url=receipt_url)
    if account.provider == "twilio":
        return TwilioSms(account, sender=sender, price=price, receipt_url=receipt_url)
    if account.provider == "smsc":
        return SmscSms(account, sender=sender, price=price)
    return FolderSms(Path(account.place), sender=sender, price=price)
