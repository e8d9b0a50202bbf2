"""One believable set of facts for every message."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from discount_broker.kernel.money import Money
from discount_broker.kernel.site import Site
from discount_broker.messaging.rendering import Context
from discount_broker.notifications.catalogue import (
    AskedShops,
    AskOutcome,
    Attempt,
    BuyerQuestion,
    ChangeReason,
    ConfirmRequest,
    Contact,
    DeletionAsked,
    DeskLetter,
    DeskNote,
    DigestLine,
    Door,
    Greeting,
    LoginLink,
    NewsDigest,
    NextStep,
    NoAnswersYet,
    NoAnswerYet,
    OfferChanged,
    OfferConfirmed,
    OfferEnds,
    OfferMade,
    OfferToConfirm,
    PasswordLink,
    ProductSeen,
    PromiseCheck,
    RequestEnded,
    RulesGave,
    ShopAccepted,
    ShopCalled,
    ShopCheck,
    ShopCheckReport,
    ShopClaimLink,
    ShopCountered,
    ShopDeclined,
    ShopDigest,
    ShopLater,
    ShopMemberInvited,
    ShopPool,
    ShopReminder,
    ShopRequest,
    ShopThanked,
    ShopWillCall,
    ShopWrote,
    StaffInvited,
    Terms,
    Unanswered,
    UnfinishedRequest,
    WaitingRequest,
    WatchConfirm,
    WatchEnded,
    WatchMet,
    WebhookFailing,
    Wish,
)

SITE = Site(
    base_url="https://discounts.example",
    service_name="Discount Broker",
    operator_name="Better Prices Ltd, 1 High Street, London",
    mail_domain="in.discounts.example",
)
PRODUCT = ProductSeen(
    title="Bosch GSR 12V-15 FC cordless drill driver",
    url="https://tools.example/drills/gsr-12v-15-fc?colour=blue",
    price=Money(Decimal("12990.00"), "RUB"),
    seen_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
)
PASSWORD_URL = "https://discounts.example/staff/password/abcdefghijklmnopqrstuvwxyz234567"
ENTER_URL = "https://discounts.example/shop/enter/abcdefghijklmnopqrstuvwxyz234567"
WATCH_URL = "https://discounts.example/watch/abcdefghijklmnopqrstuvwxyz234567"
WISH = Wish(percent=Decimal(10))
CONTACT = Contact(email="anna@mail.example", phone="+7 495 123-45-67", best_time="weekdays after 18:00")
TERMS = Terms(
    kind="percent",
    percent=Decimal("7.5"),
    final_price=Money(Decimal("12015.75"), "RUB"),
    saving=Money(Decimal("974.25"), "RUB"),
    text="Pick-up only, two left in stock",
    valid_until=datetime(2026, 11, 29, 20, 59, tzinfo=UTC),
)
TRIED = (
    Attempt(shop="Tools and More", door=Door.EMAIL, at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
    Attempt(shop="Tools and More", door=Door.FORM, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
    Attempt(shop="Drill House", door=Door.PHONE, at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
)
SOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FOLLOW = "https://discounts.example/r/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop"
NEWS = {"number": "R-7K2M9", "product": PRODUCT, "follow_url": FOLLOW}
LETTER = {
    "number": "R-7K2M9",
    "product": PRODUCT,
    "offer_url": "https://discounts.example/o/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop",
    "reply_address": "reply+abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop@in.discounts.example",
    "stop_url": "https://discounts.example/stop/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop",
    "found_at": "https://tools.example/contacts",
    "found_on": datetime(2026, 11, 20, 9, 31, tzinfo=UTC),
}
REQUEST = ShopRequest(
    **LETTER,
    wish=WISH,
    wanted_until=datetime(2026, 11, 30, 20, 59, tzinfo=UTC),
    note="Blue, with the carrying case if there is one.",
)
REMINDER = ShopReminder(
    **LETTER, wish=WISH, wanted_until=None, first_asked_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
)
DIGEST = ShopDigest(
    requests=tuple(
        WaitingRequest(
            number=number,
            product=PRODUCT,
            wish=WISH,
            wanted_until=SOON,
            offer_url=f"https://discounts.example/o/{number.lower()}",
        )
        for number in ("R-7K2M9", "R-8QX4T")
    ),
    waiting_url="https://discounts.example/w/abcdefghijklmnopqrstuvwxyz234567",
    reply_address=LETTER["reply_address"],
    stop_url=LETTER["stop_url"],
    found_at=LETTER["found_at"],
    found_on=LETTER["found_on"],
)
WORDS = ("Hello, is the carrying case part of it?", "", "And can it be picked up on Saturday?")
QUESTION = BuyerQuestion(
    **LETTER,
    subject="A buyer is ready: Bosch GSR 12V-15 FC (request R-7K2M9)",
    words=(*WORDS, "My number is […]."),
    has_gaps=True,
)
DESK_LETTER = DeskLetter(
    **LETTER, subject="", words=("Good afternoon,", "", "may I ask who decides on prices?")
)
SAMPLES: tuple[Context, ...] = (
    ConfirmRequest(
        confirm_url="https://discounts.example/confirm/abcdefghijklmnopqrstuvwxyz234567",
        product=PRODUCT,
        wish=WISH,
    ),
    UnfinishedRequest(
        number="R-7K2M9",
        confirm_url="https://discounts.example/confirm/abcdefghijklmnopqrstuvwxyz234567",
        product=PRODUCT,
        wish=WISH,
        begun_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        ends_at=SOON,
    ),
    LoginLink(login_url="https://discounts.example/login/abcdefghijklmnopqrstuvwxyz234567", valid_minutes=30),
    StaffInvited(password_url=PASSWORD_URL, invited_by="Olga Petrova", valid_days=3),
    PasswordLink(password_url=PASSWORD_URL, valid_hours=2),
    ShopCheck(
        shop="Tools and More",
        question="delivery",
        greeting=2,
        reply_address=LETTER["reply_address"],
        stop_url="https://discounts.example/check/abcdefghijklmnopqrstuvwxyz234567/stop",
        found_at="https://tools.example/contacts",
        found_on=LETTER["found_on"],
    ),
    ShopCheckReport(
        shop="Tools and More",
        asked_at=datetime(2026, 11, 16, 9, 0, tzinfo=UTC),
        report_url="https://discounts.example/check/abcdefghijklmnopqrstuvwxyz234567",
        reply_address=LETTER["reply_address"],
        stop_url="https://discounts.example/check/abcdefghijklmnopqrstuvwxyz234567/stop",
        found_at="https://tools.example/contacts",
        found_on=LETTER["found_on"],
    ),
    ShopClaimLink(shop="Tools and More", enter_url=ENTER_URL, valid_minutes=30),
    ShopMemberInvited(
        shop="Tools and More", invited_by="sales@tools.example", enter_url=ENTER_URL, valid_days=3
    ),
    RulesGave(
        shop="Tools and More",
        day=SOON,
        numbers=("R-7K2M9", "R-8H3QP"),
        rules_url="https://discounts.example/shop/rules",
    ),
    AskedShops(**NEWS, shops=("Tools and More", "Drill House", "Workshop World"), next_step_at=SOON),
    OfferMade(**NEWS, shop="Tools and More", terms=TERMS),
    OfferChanged(**NEWS, shop="Tools and More", terms=TERMS, why=ChangeReason.CHANGED),
    ShopLater(**NEWS, shop="Tools and More", ask_again_at=SOON),
    ShopWillCall(**NEWS, shop="Tools and More", call_by=SOON, calls_buyer=True),
    ShopDeclined(**NEWS, shop="Tools and More", shops_waiting=2),
    NoAnswerYet(**NEWS, tried=TRIED, next_step=NextStep.CALL, next_step_at=SOON),
    NoAnswersYet(
        number="R-7K2M9",
        tried=TRIED,
        unanswered=(
            Unanswered(**NEWS, next_step=NextStep.CALL, next_step_at=None),
            Unanswered(
                number="R-8H3QP",
                product=PRODUCT,
                follow_url=FOLLOW,
                next_step=NextStep.OTHER_DOOR,
                next_step_at=SOON,
            ),
        ),
    ),
    OfferConfirmed(
        **NEWS,
        shop="Tools and More",
        terms=TERMS,
        shared=CONTACT,
        code="K7M2-9QX4",
        voucher_url=f"{FOLLOW}/voucher",
    ),
    AskOutcome(**NEWS, shop="Tools and More"),
    OfferEnds(**NEWS, shop="Tools and More", terms=TERMS),
    ShopCalled(**NEWS, shop="Tools and More", was_reached=True, again_at=SOON),
    NewsDigest(
        lines=(
            DigestLine(headline="We called Drill House for you (R-7K2M9)", url=FOLLOW),
            DigestLine(headline="No discount from Tools and More (R-8QX4T)", url=FOLLOW),
        )
    ),
    Greeting(),
    DeletionAsked(
        due_at=SOON,
        keep_url="https://discounts.example/my/keep/abcdefghijklmnopqrstuvwxyz234567",
        withdrawn=2,
    ),
    RequestEnded(**NEWS, tried=TRIED, elsewhere=(PRODUCT,)),
    PromiseCheck(
        **NEWS,
        shop="Tools and More",
        promised_for=SOON,
        check_url="https://discounts.example/promises/2t7k9m4c8w3r5y6x2t7k9m4c8w3r5y6x2t7k9m4c8w3r5y6x",
    ),
    REQUEST,
    REMINDER,
    ShopAccepted(**LETTER, terms=TERMS, contact=CONTACT, note="Blue, please.", code="K7M2-9QX4"),
    ShopThanked(**LETTER, reason="price", words=("We found one for 11 000.",)),
    ShopCountered(**LETTER, terms=TERMS, wish=Wish(price=Money(Decimal("11500.00"), "RUB")), words=WORDS),
    OfferToConfirm(
        **LETTER,
        terms=TERMS,
        has_term=True,
        evidence="We can give 7.5 % until Sunday.",
        confirm_url="https://discounts.example/o/abcdefghijklmnopqrstuvwxyz234567/drafts/1",
    ),
    DIGEST,
    ShopPool(
        people=14,
        product=PRODUCT,
        requests=DIGEST.requests,
        waiting_url=DIGEST.waiting_url,
        reply_address=DIGEST.reply_address,
        stop_url=DIGEST.stop_url,
        found_at=DIGEST.found_at,
        found_on=DIGEST.found_on,
    ),
    QUESTION,
    DESK_LETTER,
    ShopWrote(
        **NEWS,
        shop="Tools and More",
        words=("Good afternoon,", "", "the case is part of it. Saturday is fine."),
        files=("price list.pdf",),
        is_cut=False,
        answer_url=f"{FOLLOW}/shops/0b5b3f4e-5f0e-4c3b-9a51-0d6a3f1f6a11",
    ),
    DeskNote(**NEWS, words=("Good afternoon,", "", "the shop has asked for your city: may we tell it?")),
    WatchConfirm(
        product=PRODUCT,
        below=Money(Decimal("11000.00"), "RUB"),
        confirm_url="https://discounts.example/watch/confirm/abcdefghijklmnopqrstuvwxyz234567",
    ),
    WatchMet(
        product=PRODUCT,
        below=Money(Decimal("13000.00"), "RUB"),
        raised_from=Money(Decimal("11990.00"), "RUB"),
        lowest=Money(Decimal("11490.00"), "RUB"),
        can_repeat=True,
        follow_url=WATCH_URL,
    ),
    WatchEnded(product=PRODUCT, is_gone=False, follow_url=WATCH_URL),
    WebhookFailing(
        client="Price finder",
        url="https://finder.example/hooks/discounts",
        event="shop_answered",
        failing_since=SOON,
        last_status=502,
        is_ended=True,
    ),
)
SHOP_MESSAGES = tuple(
    sample for sample in SAMPLES if "offer_url" in vars(sample) or "waiting_url" in vars(sample)
)


def with_title(sample: Context, title: str) -> Context:
    """The same message about a product of another name."""
    return replace(sample, product=replace(PRODUCT, title=title))
