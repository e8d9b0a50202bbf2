"""Forms that want a person."""

from discount_broker.kernel.site import site
from discount_broker.messaging.ports import FailureReason
from discount_broker.messaging.rendering import Rendered, render_form_text
from discount_broker.notifications.catalogue import ShopRequest
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.operations import ask_facts
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
        and point.state is not ContactState.STOPPED
        and (point.id in refused or (point.form or {}).get("captcha"))
    ]


def text_to_paste(outreach: Outreach, point: ContactPoint) -> Rendered:
    """The request as it would go through the shop's form, for a person who fills it in."""
    letter = ShopRequest(**ask_facts(outreach, point))
    return render_form_text(letter, language_for(outreach.shop.domain, outreach.shop.language), site())
