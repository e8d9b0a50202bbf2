"""People of a shop come in: by a link to an address of the shop, or invited by a colleague."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.accounts.operations import note_change
from discount_broker.kernel.emails import normal_email
from discount_broker.kernel.errors import IllegalTransition, NotAllowed, NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_mail
from discount_broker.notifications.catalogue import MemberMessage, ShopClaimLink, ShopMemberInvited
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.operations import check_room, let_in, member_at, note_correction
from discount_broker.shops.queries import (
    addresses_that_speak,
    domains_of,
    find_member,
    find_shop_by_domain,
    get_member,
    list_members,
    lock_members,
    shop_of_member,
)
from discount_broker.shops.rules import domain_typed, speaks_for
from discount_broker.shops.status import DoorSource

CLAIM_LINK_LASTS = timedelta(minutes=30)
INVITATION_LASTS = timedelta(days=3)


def send_claim_link(shop_typed: str, email: str, language: str, now: datetime) -> None:
    """Mail the way to a shop's own page, if the address is the shop's; the caller cannot tell whether it is.

    Raises:
        Refused: `shop_missing`, `email_invalid`.

    """
    domain = domain_typed(shop_typed)
    with transaction():
        shop = find_shop_by_domain(domain)
        doors = addresses_that_speak(shop.id) if shop else set()
        typed = email.strip().lower()
        address = typed if typed in doors else normal_email(typed)
        if shop is None or site().is_own_mailbox(address):
            return
        if _may_come(shop, address, doors):
            member = member_at(shop, address, language, now)
            _send_link(member, language, now)


def _may_come(shop: Shop, address: str, doors: set[str]) -> bool:
    member = find_member(shop.id, address)
    if member is not None and member.ended_at is not None:
        return False  # a colleague has said so; a mailbox may outlive the job
    is_known = member is not None and (member.proved_at or member.invited_by_id)
    return bool(is_known) or speaks_for(address, domains_of(shop), doors)


def _send_link(member: ShopMember, language: str, now: datetime) -> None:
    token = issue_token(Purpose.SHOP_CLAIM, member.id, now)
    message = ShopClaimLink(
        shop=member.shop.name,
        enter_url=f"{site().base_url}/shop/enter/{token}",
        valid_minutes=int(CLAIM_LINK_LASTS.total_seconds() // 60),
    )
    # Whoever stopped our letters may still come in; but a stranger who types their address time and
    # again must not be a way around the stop.
    often = "%Y%m%d" if is_suppressed([f"email:{member.email}"], now) else "%Y%m%d%H%M"
    _post(message, member.email, language, f"shop_member:{member.id}:link:{now.strftime(often)}", now)


def _post(
    message: MemberMessage, to: str, language: str, purpose: str, now: datetime, *stop_keys: str
) -> None:
    here = site()
    envelope = Envelope(
        channel=ChannelKind.EMAIL, address=to, stop_keys=stop_keys, sender_name=here.service_name
    )
    queue_delivery(render_mail(message, language, here), envelope, purpose=purpose, now=now)


def enter_shop(member_id: UUID, language: str, now: datetime, *, is_invitation: bool = False) -> UUID:
    """Let in whoever pressed the button behind their link; their id.

    An invitation opens once: after that its holder asks for a link like everybody else.

    Raises:
        NotFound
        NotAllowed: a colleague has ended it.
        IllegalTransition: the invitation was used.

    """
    with transaction():
        member = get_member(member_id, lock=True)
        if member.ended_at is not None:
            raise NotAllowed("shop member")
        if is_invitation and member.proved_at is not None:
            raise IllegalTransition("proved", "invitation")
        if let_in(member, language, now):
            note_change("shop_claimed", now, shop_id=member.shop_id, email=member.email)
        return member.id


def invite_member(member_id: UUID, email: str, language: str, now: datetime) -> None:
    """A member lets a colleague's address answer for the shop; it counts once its link was followed.

    Raises:
        Refused: `email_invalid`, `own_address`, `too_many_members`, `email_taken`.

    """
    address = normal_email(email)
    if site().is_own_mailbox(address):
        raise Refused("own_address", "email")
    with transaction():
        host, shop = get_member(member_id), shop_of_member(member_id)
        lock_members(shop.id)
        member = find_member(shop.id, address)
        if member is not None and member.proved_at and not member.ended_at:
            raise Refused("email_taken", "email")
        check_room(shop.id)
        member = member_at(shop, address, language, now, host.id)
        if member.ended_at is not None:  # back again, and the address is to be proved again
            member.ended_at = member.proved_at = None
        member.invited_by_id = host.id
        note_correction(shop, "member_invited", now, DoorSource.SHOP, None, value=address)
        _send_invitation(member, host.email, language, now)


def _send_invitation(member: ShopMember, invited_by: str, language: str, now: datetime) -> None:
    token = issue_token(Purpose.SHOP_INVITE, member.id, now)
    message = ShopMemberInvited(
        shop=member.shop.name,
        invited_by=invited_by,
        enter_url=f"{site().base_url}/shop/invited/{token}",
        valid_days=INVITATION_LASTS.days,
    )
    purpose = f"shop_member:{member.id}:invitation:{now:%Y%m%d%H%M}"
    _post(message, member.email, language, purpose, now, f"email:{member.email}")


def end_member(member_id: UUID, colleague_id: UUID, now: datetime) -> None:
    """An address no longer answers for the shop; somebody of the shop must be left who does.

    Raises:
        NotFound
        NotAllowed: whoever says so was ended meanwhile.
        Refused: `last_member`.

    """
    with transaction():
        shop = shop_of_member(member_id)
        lock_members(shop.id)
        members = {member.id: member for member in list_members(shop.id)}
        if member_id not in members:
            raise NotAllowed("shop member")
        if colleague_id not in members:
            raise NotFound("shop member")
        colleague = members[colleague_id]
        if not any(each.proved_at for each in members.values() if each.id != colleague_id):
            raise Refused("last_member", "member")
        colleague.ended_at = now
        note_correction(shop, "member_ended", now, DoorSource.SHOP, None, value=colleague.email)
        note_change("shop_member_ended", now, shop_id=shop.id, email=colleague.email)
