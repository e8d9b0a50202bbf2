"""Forms that want a person."""

from dataclasses import dataclass

from discount_broker.kernel.site import site
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.rendering import Rendered, render_form_text
from discount_broker.notifications.catalogue import ShopRequest
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import ask_facts, reply_address
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind, ContactState


def list_forms_for_people(outreach: Outreach) -> list[ContactPoint]:
    """Forms of the shop that ask for a captcha or a script, surest first."""
    refused = {
        step.contact_point_id
        for step in outreach.steps
        if step.delivery.failure in (FailureReason.CAPTCHA, FailureReason.SCRIPT_ONLY)
    }
    return [
        point
        for point in outreach.shop.contact_points
        if point.kind is ContactKind.FORM
        and point.state not in (ContactState.STOPPED, ContactState.DEAD)
        and (point.id in refused or (point.form or {}).get("captcha"))
    ]


def text_to_paste(outreach: Outreach, point: ContactPoint) -> Rendered:
    """The request as it would go through the shop's form, for a person who fills it in."""
    letter = ShopRequest(**ask_facts(outreach, point))
    return render_form_text(letter, language_for(outreach.shop.domain, outreach.shop.language), site())


@dataclass(frozen=True)
class FormToFill:
    """A form that a person fills in, and what belongs into its fields."""

    point: ContactPoint
    sender: str
    """Our name: never the buyer's."""
    reply_to: str
    """Our address for this request: the shop's answer finds its way to it."""
    subject: str
    text: str
    language: str


def form_to_fill(outreach: Outreach, point: ContactPoint) -> FormToFill:
    written = text_to_paste(outreach, point)
    return FormToFill(
        point, site().service_name, reply_address(outreach), written.subject, written.text, written.language
    )
