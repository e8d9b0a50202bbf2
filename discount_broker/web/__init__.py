"""Pages, by audience: what people open in a browser."""

from flask import Flask

from discount_broker.web import (
    access,
    accounts,
    ask,
    buyer,
    conversation,
    desk,
    desk_case,
    desk_letter,
    desk_mail,
    desk_presence,
    desk_promises,
    desk_queue,
    desk_queue_bulk,
    desk_queue_filters,
    desk_review,
    desk_sending,
    desk_shop,
    desk_shops,
    desk_staff,
    desk_staff_me,
    desk_stops,
    desk_suggestion,
    desk_team,
    desk_texts,
    desk_trail,
    dev_inbox,
    errors,
    filters,
    health,
    incoming,
    language,
    limits,
    offer_address,
    offer_draft,
    offer_page,
    promise_check,
    proof,
    public,
    request_log,
    security,
    sms,
    telephony,
    texts,
    waiting,
)

BLUEPRINTS = (
    public.bp,
    ask.bp,
    buyer.bp,
    conversation.bp,
    proof.bp,
    promise_check.bp,
    offer_page.bp,
    offer_address.bp,
    offer_draft.bp,
    waiting.bp,
    accounts.bp,
    health.bp,
    incoming.bp,
    sms.bp,
    telephony.bp,
    texts.bp,
    desk_queue.bp,
    desk_queue_filters.bp,
    desk_queue_bulk.bp,
    desk_presence.bp,
    desk_case.bp,
    desk_promises.bp,
    desk_letter.bp,
    desk_mail.bp,
    desk_suggestion.bp,
    desk_shops.bp,
    desk_shop.bp,
    desk_sending.bp,
    desk_stops.bp,
    desk_texts.bp,
    desk_team.bp,
    desk_review.bp,
    desk_trail.bp,
    desk_staff.bp,
    desk_staff_me.bp,
)


def register(app: Flask) -> None:
    """Put every page, and what all pages share, into `app`."""
    for part in (request_log, language, security, limits, access, filters, desk, telephony, errors):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.extensions["settings"].mailbox:
        app.register_blueprint(dev_inbox.bp)
