"""What other slices do to shops."""

from discount_broker.shops.operations.correcting import (
    disown,
    note_correction,
    note_word,
    reopen,
    take_correction,
)
from discount_broker.shops.operations.finding import (
    NO_MAIL_ROUTE,
    FoundDoor,
    call_by_name,
    is_same_form,
    note_doors,
    shop_of_url,
)
from discount_broker.shops.operations.members import check_room, let_in, member_at
from discount_broker.shops.operations.merging import merge_doors, split_off, stop_all_domains
from discount_broker.shops.operations.people import PersonTold, correct_person, direct_number, meet
from discount_broker.shops.operations.standing import (
    mark_answering,
    mark_dead,
    mark_door_stopped,
    mark_stopped,
    note_captcha,
)

__all__ = [
    "NO_MAIL_ROUTE",
    "FoundDoor",
    "PersonTold",
    "call_by_name",
    "check_room",
    "correct_person",
    "direct_number",
    "disown",
    "is_same_form",
    "let_in",
    "mark_answering",
    "mark_dead",
    "mark_door_stopped",
    "mark_stopped",
    "meet",
    "member_at",
    "merge_doors",
    "note_captcha",
    "note_correction",
    "note_doors",
    "note_word",
    "reopen",
    "shop_of_url",
    "split_off",
    "stop_all_domains",
    "take_correction",
]
