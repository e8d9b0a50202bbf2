"""Reads bounces: which addresses failed, for good or for now, and why."""

from dataclasses import dataclass

from discount_broker.outreach.inbound.bounce_reasons import (
    TRYING_ON,
    BounceKind,
    BounceReason,
    best_status,
    is_for_now,
    kind_of,
    reason_of,
)
from discount_broker.outreach.inbound.delivery_reports import DeliveryReport, Report
from discount_broker.outreach.inbound.failed_addresses import failed_addresses, returned_message, written_to
from discount_broker.outreach.inbound.failure_notices import is_failure_notice, split_notice
from discount_broker.outreach.inbound.headers import message_ids
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.inbound.parts import Part

OPENING = 1_500
LONGEST_DIAGNOSTIC = 500


@dataclass(frozen=True)
class Bounce:
    """A mail server's word that a message of ours did not arrive, or has not yet."""

    recipients: tuple[str, ...]
    """Every address it names, in lower case."""
    permanent: bool
    """By its codes the same message to the same address would fail again."""
    is_final: bool
    """Nobody tries this message any more. A bounce can be final and yet say nothing against the address."""
    reason: BounceReason
    status: str | None
    """Enhanced status code (RFC 3463)."""
    diagnostic: str
    kind: BounceKind
    """What follows for the address; to be acted upon when the bounce is final."""
    original_recipients: tuple[str, ...] = ()
    """What we had written to, where that leads to the addresses that failed."""
    original_message_id: str = ""
    """Message-ID of ours that it is about, where it says so."""
    original_envelope_id: str = ""

    @property
    def is_delayed(self) -> bool:
        """The server goes on trying: nothing is to be done yet."""
        return not self.is_final


def read_bounce(mail: Mail, report: DeliveryReport) -> Bounce | None:
    """What the mail says about failed addresses; None when it is no bounce."""
    failed = [recipient for recipient in report.recipients if recipient.is_failure]
    if failed:
        return _from_report(mail, report, failed)
    if report.recipients or not is_failure_notice(mail):
        return None
    return _from_notice(mail, report.envelope_id)


def _from_report(mail: Mail, report: DeliveryReport, failed: list[Report]) -> Bounce:
    first = next((recipient for recipient in failed if recipient.is_final), failed[0])
    words, below = split_notice(mail)
    original = returned_message(mail, below)
    named = [recipient.address for recipient in failed if recipient.address]
    permanent = first.is_final and not is_for_now(first.status, first.diagnostic)
    reason = reason_of(first.status, first.diagnostic or words)
    return Bounce(
        recipients=tuple(dict.fromkeys(named or failed_addresses(mail, words, original))),
        permanent=permanent,
        is_final=first.is_final,
        reason=reason,
        status=best_status(first.status, first.diagnostic),
        diagnostic=first.diagnostic[:LONGEST_DIAGNOSTIC],
        kind=kind_of(reason, permanent=permanent),
        original_recipients=_distinct([recipient.original for recipient in failed], written_to(words)),
        original_message_id=_message_id(original),
        original_envelope_id=report.envelope_id,
    )


def _from_notice(mail: Mail, envelope_id: str) -> Bounce:
    words, below = split_notice(mail)
    original = returned_message(mail, below)
    is_final = not TRYING_ON.search(f"{mail.subject} {words[:OPENING]}")
    permanent = is_final and not is_for_now("", words)
    reason = reason_of("", words)
    return Bounce(
        recipients=tuple(failed_addresses(mail, words, original)),
        permanent=permanent,
        is_final=is_final,
        reason=reason,
        status=best_status("", words),
        diagnostic=" ".join(words.split())[:LONGEST_DIAGNOSTIC],
        kind=kind_of(reason, permanent=permanent),
        original_recipients=tuple(written_to(words)),
        original_message_id=_message_id(original),
        original_envelope_id=envelope_id,
    )


def _distinct(*addresses: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for each in addresses for address in each if address))


def _message_id(original: Part | None) -> str:
    ids = message_ids(original.header("Message-ID")) if original is not None else []
    return ids[0] if ids else ""
