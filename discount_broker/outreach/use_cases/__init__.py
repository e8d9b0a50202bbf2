"""Asking shops, and taking in what they answer."""

from discount_broker.outreach.use_cases.answers import (
    Learnt,
    file_mail,
    read_mail,
    set_mail_aside,
    take_mail_up_again,
)
from discount_broker.outreach.use_cases.asking import (
    ask_shop,
    learn_rates,
    requeue_lost,
    take_due_steps,
)
from discount_broker.outreach.use_cases.authenticating import authenticate_mail
from discount_broker.outreach.use_cases.forbidding import allow_again, forbid_for
from discount_broker.outreach.use_cases.holding import hold_sending, lift_hold
from discount_broker.outreach.use_cases.planning import plan_outreach, plan_rivals
from discount_broker.outreach.use_cases.prices import ask_price_again, read_price, requeue_lost_prices
from discount_broker.outreach.use_cases.receiving import receive_mail
from discount_broker.outreach.use_cases.refreshing import refresh_contacts
from discount_broker.outreach.use_cases.settling import settle_delivery
from discount_broker.outreach.use_cases.silence import tell_the_silence
from discount_broker.outreach.use_cases.stopping import pause_shop, stop_outreach, stop_shop

__all__ = [
    "Learnt",
    "allow_again",
    "ask_price_again",
    "ask_shop",
    "authenticate_mail",
    "file_mail",
    "forbid_for",
    "hold_sending",
    "learn_rates",
    "lift_hold",
    "pause_shop",
    "plan_outreach",
    "plan_rivals",
    "read_mail",
    "read_price",
    "receive_mail",
    "refresh_contacts",
    "requeue_lost",
    "requeue_lost_prices",
    "set_mail_aside",
    "settle_delivery",
    "stop_outreach",
    "stop_shop",
    "take_due_steps",
    "take_mail_up_again",
    "tell_the_silence",
]
