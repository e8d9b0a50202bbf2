"""Two domains that are one shop."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from discount_broker.kernel.db import db
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries.stopping import find_end_of_pause
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations.standing import mark_stopped
from discount_broker.shops.queries import domains_of, list_stopped_domains
from discount_broker.shops.rules import state_of_both


def merge_doors(alias: Shop, shop: Shop, now: datetime) -> dict[UUID, UUID]:
    """Make `alias` another name of `shop`: its doors move there, and the stops of either bind both.

    A door that both had is kept once; the answer says which one stands for which.
    """
    kept = {(point.kind, point.value): point for point in shop.contact_points}
    replaced = {}
    for point in [*alias.contact_points]:
        twin = kept.get((point.kind, point.value))
        if twin is None:
            point.shop = shop
        else:
            _unite(twin, point)
            replaced[point.id] = twin.id
    # Another name of the alias is another name of the shop: no chains, and no circles.
    db.session.execute(update(Shop).where(Shop.merged_into_id == alias.id).values(merged_into_id=shop.id))
    alias.merged_into = shop
    _unite_descriptions(shop, alias)
    _unite_wishes(shop, alias)
    db.session.flush()
    _bind_both(shop, f"{alias.domain} = {shop.domain}", now)
    return replaced


def _unite_descriptions(shop: Shop, alias: Shop) -> None:
    """The word of a person, under whichever name, goes before what a crawl read."""
    for column in ("language", "country"):
        is_set_there = column in alias.corrected and column not in shop.corrected
        if is_set_there or getattr(shop, column) is None:
            setattr(shop, column, getattr(alias, column))
        if is_set_there:
            shop.corrected = sorted({*shop.corrected, column})


def _unite_wishes(shop: Shop, alias: Shop) -> None:
    """What people said under either name: no more letters than either allowed, and both are away."""
    budgets = [each for each in (shop.contact_budget, alias.contact_budget) if each is not None]
    shop.contact_budget = min(budgets, default=None)
    shop.hours = shop.hours or alias.hours
    shop.closed_days = sorted({*shop.closed_days, *alias.closed_days})
    asked_for = [each for each in (shop.wants_checks_since, alias.wants_checks_since) if each is not None]
    shop.wants_checks_since = min(asked_for, default=None)
    if not shop.feed_url:
        shop.feed_url, shop.feed_read_at, shop.feed_failure = alias.feed_url, None, ""


def _bind_both(shop: Shop, cause: str, now: datetime) -> None:
    """What was forbidden under one name of the shop is forbidden under all, for as long as it was there."""
    domains = domains_of(shop)
    if list_stopped_domains(domains):
        stop_all_domains(shop, reason="merged", cause=cause, now=now)
        mark_stopped(shop)
    elif until := find_end_of_pause([f"shop:{domain}" for domain in domains], now):
        for domain in domains:
            suppress(f"shop:{domain}", reason="merged", cause=cause, now=now, until=until)


def _unite(kept: ContactPoint, other: ContactPoint) -> None:
    """What was learnt at either of two doors that are one."""
    state = state_of_both(kept.state, other.state)
    if state is not kept.state:
        kept.state, kept.state_reason = state, other.state_reason
    kept.last_answer_at = max(filter(None, (kept.last_answer_at, other.last_answer_at)), default=None)
    kept.preferred_at = kept.preferred_at or other.preferred_at


def stop_all_domains(shop: Shop, *, reason: str, cause: str, now: datetime) -> None:
    """Put the shop on the stop list under every domain it is known by."""
    for domain in domains_of(shop):
        suppress(f"shop:{domain}", reason=reason, cause=cause, now=now)


def split_off(alias: Shop) -> None:
    """Make a domain a shop of its own again; its doors stay where they are, and it is read anew."""
    alias.merged_into, alias.contacts_read_at = None, None
    db.session.flush()
