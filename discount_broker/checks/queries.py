"""Reading checks, and who is to be checked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.rules import QUIET_AFTER, QUIET_FOR, QUIET_PAUSE, Result
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import InboundMail, Outreach
from discount_broker.outreach.operations.checking import REPORT_PURPOSE
from discount_broker.outreach.status import CHECK
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.queries import get_shop, list_doors, names_of
from discount_broker.shops.rules import USABLE, WRITABLE
from discount_broker.shops.status import ContactKind

MOST_CONSIDERED = 2000
FIELD_SIZE = 500


def get_check(check_id: UUID, *, lock: bool = False) -> ResponseCheck:
    check = find_row(ResponseCheck, check_id, lock=lock)
    if check is None:
        raise NotFound("check")
    return check


def find_check_of(delivery_id: UUID) -> ResponseCheck | None:
    return db.session.scalar(select(ResponseCheck).where(ResponseCheck.delivery_id == delivery_id))


def list_under_way() -> list[ResponseCheck]:
    """What our people have to do: drawn or asked; the oldest round first, then in the order of the lot."""
    query = (
        select(ResponseCheck)
        .where(ResponseCheck.status.in_((CheckStatus.DRAWN, CheckStatus.ASKED)))
        .order_by(ResponseCheck.round, ResponseCheck.drawn_at, ResponseCheck.id)
        .options(joinedload(ResponseCheck.shop), joinedload(ResponseCheck.delivery))
    )
    return list(db.session.scalars(query))


def count_to_do() -> int:
    """Checks that wait for a person: to be sent, or answered and to be judged."""
    is_drawn = ResponseCheck.status == CheckStatus.DRAWN
    is_answered = (ResponseCheck.status == CheckStatus.ASKED) & ResponseCheck.answered_at.is_not(None)
    return db.session.scalar(select(func.count(ResponseCheck.id)).where(is_drawn | is_answered)) or 0


def list_done(limit: int = 50) -> list[ResponseCheck]:
    query = (
        select(ResponseCheck)
        .where(ResponseCheck.status == CheckStatus.DONE)
        .order_by(ResponseCheck.done_at.desc(), ResponseCheck.id)
        .limit(limit)
        .options(joinedload(ResponseCheck.shop))
    )
    return list(db.session.scalars(query))


def list_checks_of(shop_id: UUID) -> list[ResponseCheck]:
    """What was found at one shop, the newest first."""
    query = (
        select(ResponseCheck)
        .where(ResponseCheck.shop_id.in_(names_of(shop_id)), ResponseCheck.status == CheckStatus.DONE)
        .order_by(ResponseCheck.done_at.desc())
    )
    return list(db.session.scalars(query))


def list_unanswered(asked_before: datetime, now: datetime) -> list[UUID]:
    """Asked long ago without an answer or a call still to come; or the question never arrived."""
    query = select(ResponseCheck).where(
        ResponseCheck.status == CheckStatus.ASKED, ResponseCheck.answered_at.is_(None)
    )
    found = db.session.scalars(query.options(joinedload(ResponseCheck.delivery)))
    return [
        check.id
        for check in found
        if has_failed(check) or (_had_time(check, asked_before) and not _call_may_come(check, now))
    ]


def _had_time(check: ResponseCheck, asked_before: datetime) -> bool:
    """Whether it left long ago: a question that waits in our outbox is no silence of theirs."""
    delivery, left_at = check.delivery, check.asked_at
    if delivery is not None and delivery.status is not DeliveryStatus.UNKNOWN:
        left_at = delivery.sent_at
    return left_at is not None and left_at <= asked_before


def _call_may_come(check: ResponseCheck, now: datetime) -> bool:
    return check.call_promised_at is not None and check.call_promised_at > now


def has_failed(check: ResponseCheck) -> bool:
    """Whether the question never arrived."""
    return check.delivery is not None and check.delivery.status in (
        DeliveryStatus.BOUNCED,
        DeliveryStatus.FAILED,
        DeliveryStatus.STOPPED,
    )


def doors_to_ask(shop_id: UUID) -> list[ContactPoint]:
    """Doors that take a question, e-mail addresses first; a form with a captcha is for people alone."""
    shop = get_shop(shop_id)  # it may have become another name of one since its check was drawn
    open_ = [
        door for door in list_doors(shop.merged_into_id or shop.id) if not (door.form or {}).get("captcha")
    ]
    return sorted(open_, key=lambda door: door.kind is not ContactKind.EMAIL)


def doors_left(check: ResponseCheck) -> list[ContactPoint]:
    """Those of them that have not yet failed to take the question of this round."""
    tried = check.findings.get("tried", ())
    return [door for door in doors_to_ask(check.shop_id) if str(door.id) not in tried]


def list_not_put(shop_id: UUID, limit: int = 3) -> list[ResponseCheck]:
    """Checks of which no question could be brought to the shop, the newest first."""
    query = select(ResponseCheck).where(
        ResponseCheck.shop_id.in_(names_of(shop_id)), ResponseCheck.status == CheckStatus.DROPPED
    )
    found = db.session.scalars(query.order_by(ResponseCheck.drawn_at.desc()))
    return [check for check in found if check.findings.get("why_not")][:limit]


def list_untold(done_after: datetime) -> list[UUID]:
    """Checks whose report was made since, and of which the shop was not told by letter."""
    query = select(ResponseCheck).where(
        ResponseCheck.status == CheckStatus.DONE, ResponseCheck.done_at > done_after
    )
    due = {report_purpose(check): check.id for check in db.session.scalars(query)}
    told = set(db.session.scalars(select(Delivery.purpose).where(Delivery.purpose.in_(due))))
    return [check_id for purpose, check_id in due.items() if purpose not in told]


def report_purpose(check: ResponseCheck) -> str:
    """Under which a shop is told of its report: there is one letter a check."""
    return f"{REPORT_PURPOSE}{check.shop_id}:{check.round}"


def count_in_round(round_: str) -> int:
    query = select(func.count(ResponseCheck.id)).where(ResponseCheck.round == round_)
    return db.session.scalar(query) or 0


def last_question_to(shop_id: UUID) -> str:
    query = select(ResponseCheck.question).where(ResponseCheck.shop_id.in_(names_of(shop_id)))
    return db.session.scalar(query.order_by(ResponseCheck.drawn_at.desc()).limit(1)) or ""


def list_to_check(round_: str, now: datetime) -> list[tuple[UUID, CheckReason]]:
    """Shops that may be drawn: who asked for it, and whose address has gone quiet."""
    asked_for = (
        select(Shop.id)
        .where(Shop.wants_checks_since.is_not(None), Shop.merged_into_id.is_(None), _has_door())
        .where(~_was_checked(ResponseCheck.round == round_))
    )
    wanting = list(db.session.scalars(asked_for.order_by(Shop.id).limit(MOST_CONSIDERED)))
    quiet = [each for each in _list_quiet(now) if each not in set(wanting)]
    return [
        *((each, CheckReason.ASKED_FOR) for each in wanting),
        *((each, CheckReason.GONE_QUIET) for each in quiet),
    ]


def _has_door() -> ColumnElement[bool]:
    """A form may turn out to be for people alone: `doors_to_ask` says that of one shop."""
    is_door = ContactPoint.kind.in_(WRITABLE), ContactPoint.state.in_(USABLE)
    return exists().where(ContactPoint.shop_id == Shop.id, *is_door)


def _was_checked(when: ColumnElement[bool]) -> ColumnElement[bool]:
    """Under any of its names."""
    name = aliased(Shop)
    is_its_name = (name.id == Shop.id) | (name.merged_into_id == Shop.id)
    return exists().where(ResponseCheck.shop_id == name.id, is_its_name, when)


def _list_quiet(now: datetime) -> Sequence[UUID]:
    """Shops of which a person once answered, and none of whom answered any of the last requests."""
    lately = Outreach.asked_at > now - QUIET_FOR, Outreach.asked_at <= now - QUIET_FOR / 10
    silent = (
        select(Outreach.shop_id)
        .where(*lately)
        .group_by(Outreach.shop_id)
        .having(func.count(Outreach.id) >= QUIET_AFTER, func.count(Outreach.answered_at) == 0)
    )
    once_answered = exists().where(
        ContactPoint.shop_id == Shop.id,
        ContactPoint.kind == ContactKind.EMAIL,
        ContactPoint.last_answer_at <= now - QUIET_FOR,
    )
    answers_still = exists().where(
        ContactPoint.shop_id == Shop.id, ContactPoint.last_answer_at > now - QUIET_FOR
    )
    query = select(Shop.id).where(
        Shop.id.in_(silent),
        Shop.merged_into_id.is_(None),
        once_answered,
        ~answers_still,
        _has_door(),
        ~_was_checked(ResponseCheck.drawn_at > now - QUIET_PAUSE),
    )
    return list(db.session.scalars(query.order_by(Shop.id).limit(MOST_CONSIDERED)))


def list_lost_answers() -> list[UUID]:
    """Mails that answer a check and were not taken: a bell was lost."""
    query = select(InboundMail.id).where(InboundMail.verdict == CHECK, InboundMail.filed_at.is_(None))
    return list(db.session.scalars(query.limit(100)))


def result_of(check: ResponseCheck) -> Result:
    left_at = (check.delivery.sent_at if check.delivery else None) or check.asked_at

    def seconds(at: datetime | None) -> int | None:
        return None if at is None or left_at is None else max(int((at - left_at).total_seconds()), 0)

    return Result(
        shop_id=check.shop_id,
        is_alive=bool(check.findings.get("alive")),
        acknowledgement_seconds=seconds(check.acknowledged_at),
        answer_seconds=seconds(check.answered_at),
        is_complete=check.findings.get("complete"),
        call_promised_at=check.call_promised_at,
        called_at=check.called_at,
    )


def list_field_results() -> list[Result]:
    """The last checks of all shops, the newest first."""
    query = (
        select(ResponseCheck)
        .where(ResponseCheck.status == CheckStatus.DONE)
        .order_by(ResponseCheck.done_at.desc())
        .limit(FIELD_SIZE)
        .options(joinedload(ResponseCheck.delivery))
    )
    return [result_of(check) for check in db.session.scalars(query)]
