"""Taking companies from a list into the catalogue: it adds what is not known, and changes nothing else."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.kernel.transaction import transaction
from discount_broker.kernel.urls import readable_host
from discount_broker.shops.extract.companies import Company, ListedDoor, read_company
from discount_broker.shops.extract.directory import BadEntry, Entry
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.operations import call_by_name
from discount_broker.shops.queries import list_stopped_domains
from discount_broker.shops.rules import country_of
from discount_broker.shops.status import ContactKind, ContactState, DoorSource

AT_ONCE = 500


@dataclass
class ImportReport:
    at: datetime
    entries: int = 0
    shops_added: int = 0
    shops_known: int = 0
    doors_added: int = 0
    doors_known: int = 0
    bad: list[BadEntry] = field(default_factory=list)
    """What could not be used, and where it stands."""


class OnlyLooked(Exception):
    """Nothing was to be written: the transaction is undone."""


def import_companies(
    entries: Iterable[Entry | BadEntry], now: datetime, *, is_dry: bool = False
) -> ImportReport:
    """Add the companies of a list and their doors; with `is_dry` only say what would come of it.

    What a crawl has found and what people have said is left as it is. The same list twice adds nothing.
    """
    report = ImportReport(now)
    companies = [*_by_domain(entries, report).values()]
    for start in range(0, len(companies), AT_ONCE):
        batch = companies[start : start + AT_ONCE]
        with suppress(OnlyLooked), transaction() as session:
            _take_in(session, batch, report)
            if is_dry:
                raise OnlyLooked
    return report


def _by_domain(entries: Iterable[Entry | BadEntry], report: ImportReport) -> dict[str, Company]:
    """One company for each domain, with the doors of all its entries."""
    companies: dict[str, Company] = {}
    for entry in entries:
        report.entries += 1
        if isinstance(entry, BadEntry):
            report.bad.append(entry)
            continue
        company, bad = read_company(entry, country_of)
        report.bad += bad
        if company is not None:
            known = companies.setdefault(company.domain, company)
            known.doors = company.doors | known.doors
    return companies


def _take_in(session: Session, batch: Sequence[Company], report: ImportReport) -> None:
    domains = [company.domain for company in batch]
    query = select(Shop).where(Shop.domain.in_(domains)).options(joinedload(Shop.merged_into))
    known = {shop.domain: shop for shop in session.scalars(query)}
    stopped = list_stopped_domains(domains)
    shops = {}
    for company in batch:
        shop = known.get(company.domain)
        if shop is None:
            shop = _new_shop(company, report.at)
            session.add(shop)
        else:
            _complete(shop, company)
        shops[company.domain] = shop.merged_into or shop
    report.shops_known += len(known)
    report.shops_added += len(batch) - len(known)
    session.flush()
    doors = _doors_of([shop.id for shop in shops.values()])
    for company in batch:
        _add_doors(shops[company.domain], company, doors, report, is_stopped=company.domain in stopped)


def _add_doors(
    shop: Shop,
    company: Company,
    known: set[tuple[UUID, ContactKind, str]],
    report: ImportReport,
    *,
    is_stopped: bool,
) -> None:
    for door in company.doors.values():
        key = (shop.id, door.kind, door.value)
        if key in known or site().is_own_mailbox(door.value):
            report.doors_known += 1
            continue
        known.add(key)
        db.session.add(_new_door(shop, door, report.at, is_stopped=is_stopped))
        report.doors_added += 1


def _new_shop(company: Company, now: datetime) -> Shop:
    return Shop(
        domain=company.domain,
        home_url=company.home_url,
        name=company.name or readable_host(company.domain),
        country=company.country,
        language=company.language,
        created_at=now,
    )


def _complete(shop: Shop, company: Company) -> None:
    """Fill in what neither a page nor a person has told."""
    call_by_name(shop, company.name)
    for column in ("country", "language"):
        if getattr(shop, column) is None and column not in shop.corrected:
            setattr(shop, column, getattr(company, column))


def _doors_of(shop_ids: Sequence[UUID]) -> set[tuple[UUID, ContactKind, str]]:
    rows = db.session.execute(
        select(ContactPoint.shop_id, ContactPoint.kind, ContactPoint.value).where(
            ContactPoint.shop_id.in_(shop_ids)
        )
    )
    return {(shop_id, kind, value) for shop_id, kind, value in rows}


def _new_door(shop: Shop, door: ListedDoor, now: datetime, *, is_stopped: bool) -> ContactPoint:
    return ContactPoint(
        shop_id=shop.id,
        kind=door.kind,
        value=door.value,
        found_at=door.source,
        confidence=door.confidence,
        source=DoorSource.DIRECTORY,
        state=ContactState.STOPPED if is_stopped else ContactState.UNVERIFIED,
        seen_at=now,
        created_at=now,
    )
