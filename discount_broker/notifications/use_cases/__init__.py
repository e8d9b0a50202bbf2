"""What people ask to be sent and to be sent no more, and what leaves when its time has come."""

from discount_broker.notifications.use_cases.letters import (
    INVITATION_LASTS,
    LOGIN_LINK_LASTS,
    invite_operator,
    send_login_link,
    send_password_link,
    send_password_link_to,
)
from discount_broker.notifications.use_cases.sending import send_greetings, send_waiting_news
from discount_broker.notifications.use_cases.stopping import (
    choose_ways,
    hear_text,
    stop_texts,
    unsubscribe,
    unsubscribe_from_all,
    unsubscribe_from_more,
    unsubscribe_from_texts,
)

__all__ = [
    "INVITATION_LASTS",
    "LOGIN_LINK_LASTS",
    "choose_ways",
    "hear_text",
    "invite_operator",
    "send_greetings",
    "send_login_link",
    "send_password_link",
    "send_password_link_to",
    "send_waiting_news",
    "stop_texts",
    "unsubscribe",
    "unsubscribe_from_all",
    "unsubscribe_from_more",
    "unsubscribe_from_texts",
]
