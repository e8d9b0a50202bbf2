"""Gateways for text messages behind the port `messaging.ports.Channel`, one module each."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from discount_broker.adapters.sms.folder import FolderSms
from discount_broker.adapters.sms.kannel import KannelSms
from discount_broker.adapters.sms.smsc import SmscSms
from discount_broker.adapters.sms.twilio import TwilioSms
from discount_broker.messaging.extract.sms_account import read_account
from discount_broker.messaging.ports import Channel
from discount_broker.settings import WrongSetting

__all__ = ["FolderSms", "KannelSms", "SmscSms", "TwilioSms", "make_sms_channel"]


def make_sms_channel(
    url: str, *, sender: str, price: Decimal, receipt_url: Callable[[str, str], str]
) -> Channel:
    """The channel of the gateway in the settings.

    `receipt_url` says where it tells what became of a message: it gets the name of the gateway and the
    idempotency key of the message.

    Raises:
        WrongSetting

    """
    try:
        account = read_account(url)
    except ValueError as wrong:
        raise WrongSetting(f"BROKER_SMS_URL: {wrong}") from None
    if account.provider == "twilio" and not sender:
        raise WrongSetting("BROKER_SMS_SENDER must be a number, a name or a service (MG…) of the account")
    if account.provider == "kannel":
        return KannelSms(account, sender=sender, price=price, receipt_url=receipt_url)
    if account.provider == "twilio":
        return TwilioSms(account, sender=sender, price=price, receipt_url=receipt_url)
    if account.provider == "smsc":
        return SmscSms(account, sender=sender, price=price)
    return FolderSms(Path(account.place), sender=sender, price=price)
