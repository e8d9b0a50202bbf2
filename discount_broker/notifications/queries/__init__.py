"""What buyers were told, how they want to hear of it, and what was texted to whom."""

from discount_broker.notifications.queries.news import (
    Reader,
    find_item,
    list_due_items,
    list_greeted_around,
    list_items_about,
    list_news_of,
    list_waiting_buyers,
    reader_of,
    was_told,
)
from discount_broker.notifications.queries.preferences import (
    chosen_way,
    has_chosen_texts,
    list_ways,
    wants_text,
    way_of,
)
from discount_broker.notifications.queries.texts import has_been_texted, list_texts_to

__all__ = [
    "Reader",
    "chosen_way",
    "find_item",
    "has_been_texted",
    "has_chosen_texts",
    "list_due_items",
    "list_greeted_around",
    "list_items_about",
    "list_news_of",
    "list_texts_to",
    "list_waiting_buyers",
    "list_ways",
    "reader_of",
    "wants_text",
    "was_told",
    "way_of",
]
