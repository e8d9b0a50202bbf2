"""Who may open a page: every view carries one of these rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.accounts.queries.staff import find_staff_session
from discount_broker.accounts.rules.sessions import SEEN_EVERY
from discount_broker.accounts.use_cases import note_seen, sign_out
from discount_broker.discount_requests.rules import CONFIRM_WITHIN
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.notifications.use_cases import INVITATION_LASTS, LOGIN_LINK_LASTS
from discount_broker.outreach.use_cases.members import CLAIM_LINK_LASTS
from discount_broker.outreach.use_cases.members import INVITATION_LASTS as SHOP_INVITATION_LASTS
from discount_broker.shops.queries import find_acting_member
from discount_broker.web.forgotten import refuse_what_was_forgotten

View = Callable[..., ResponseReturnValue]

RANKS = {"operator": 1, "lead": 2, "admin": 3}
"""A higher role may do what a lower one may."""

LIFETIMES = {
    Purpose.DRAFT: timedelta(days=7),
    Purpose.CONFIRM: CONFIRM_WITHIN,
    Purpose.LOGIN: LOGIN_LINK_LASTS,
    Purpose.STAFF_PASSWORD: INVITATION_LASTS,
    Purpose.SHOP_CLAIM: CLAIM_LINK_LASTS,
    Purpose.SHOP_INVITE: SHOP_INVITATION_LASTS,
}
"""Links of other purposes live as long as the request they belong to."""

GOING_TO = "shop_page"
"""The page that somebody of a shop opened before they came in: a QR code leads there."""
LONGEST_WAY = 1000

LOGGED_IN = "_user_id"
"""Where Flask-Login keeps in a session whose it is."""

login_manager = LoginManager()


@dataclass(frozen=True)
class Visitor(UserMixin):
    """Whoever is logged in; `kind` is `buyer`, `shop` (a member of one) or `operator`."""

    kind: str
    id: UUID
    name: str
    role: str = ""
    language: str = ""
    leaves_at: datetime | None = None
    """When a buyer is forgotten, as they asked."""
    session_id: UUID | None = None
    """Of an operator: the one browser that this is."""
    seen_at: datetime | None = None
    has_second_factor: bool = False

    def get_id(self) -> str:
        return f"{self.kind}:{self.session_id or self.id}"

    def ranks_as(self, role: str) -> bool:
        return RANKS.get(self.role, 0) >= RANKS[role]

    @property
    def needs_second_factor(self) -> bool:
        """Whether this installation asks one of their role, and they have none yet."""
        least: str = current_app.extensions["settings"].require_second_factor
        return bool(least) and self.ranks_as(least) and not self.has_second_factor


def init_app(app: Flask) -> None:
    # Templates ask for `visitor()`: the page that says "no database" must not look one up.
    login_manager.init_app(app, add_context_processor=False)
    # It would only call a session less fresh when its address changes, and nothing here asks for fresh ones.
    login_manager.session_protection = None


@login_manager.user_loader
def load_visitor(visitor_id: str) -> Visitor | None:
    """Whoever the browser says it is: an operator by the id of their session, others by their own."""
    kind, _, row_id = visitor_id.partition(":")
    if kind == "buyer" and (buyer := find_kept(UUID(row_id))) and buyer.erased_at is None:
        due_at = buyer.deletion_due_at
        return Visitor("buyer", buyer.id, buyer.email, language=buyer.language, leaves_at=due_at)
    if kind == "shop" and (member := find_acting_member(UUID(row_id))):
        return Visitor("shop", member.id, member.email, language=member.language)
    if kind != "operator" or not (found := find_staff_session(UUID(row_id), utcnow())):
        return None
    operator = found.operator
    return Visitor(
        "operator",
        operator.id,
        operator.name,
        operator.role,
        session_id=found.id,
        seen_at=found.seen_at,
        has_second_factor=operator.totp_confirmed_at is not None,
    )


def log_in(kind: str, row_id: UUID) -> None:
    """Let in a buyer, a member of a shop, or an operator's session; what the browser had is dropped."""
    chosen = session.get("language")
    session.clear()
    entering = load_visitor(f"{kind}:{row_id}")
    if entering is None:
        abort(403)
    session["language"] = chosen or entering.language
    login_user(entering)
    session.permanent = kind != "operator"


def log_out() -> None:
    """End the session; nothing that was typed stays for whoever sits down here next."""
    chosen, who = session.get("language"), visitor()
    if who and who.session_id:
        sign_out(who.session_id, utcnow())
    logout_user()
    session.clear()
    if chosen:
        session["language"] = chosen


def visitor() -> Visitor | None:
    """Whoever is logged in."""
    if LOGGED_IN not in session:  # as on most pages; Flask-Login would make somebody anonymous first
        return None
    return current_user if current_user.is_authenticated else None


def public(view: View) -> View:
    """Anybody may open it."""
    return _ruled(view, "public")


def token_page(purpose: Purpose) -> Callable[[View], View]:
    """Whoever holds the secret link may open it; the view gets the id the link was made for."""

    def rule(view: View) -> View:
        @wraps(view)
        def guarded(token: str, **others: Any) -> ResponseReturnValue:
            g.is_secret = True
            subject_id = read_token(purpose, token, utcnow(), LIFETIMES.get(purpose))
            refuse_what_was_forgotten(purpose, subject_id)
            return view(subject_id, token=token, **others)

        return _ruled(guarded, f"token:{purpose}")

    return rule


def buyer_required(view: View) -> View:
    """A logged-in buyer; the view gets their id."""

    @wraps(view)
    def guarded(**others: Any) -> ResponseReturnValue:
        who = visitor()
        if who is None:
            return redirect(url_for("accounts.login", next=_here()))
        if who.kind != "buyer":
            abort(403)
        g.is_secret = True
        return view(who.id, **others)

    return _ruled(guarded, "buyer")


def shop_required(view: View) -> View:
    """Somebody who answers for a shop; the view gets the id of the member."""

    @wraps(view)
    def guarded(**others: Any) -> ResponseReturnValue:
        who = visitor()
        if who is None:
            session[GOING_TO] = _here()
            return redirect(url_for("shop_claim.show"))
        if who.kind != "shop":
            abort(403)
        g.is_secret = True
        return view(who.id, **others)

    return _ruled(guarded, "shop")


def staff_required(role: str = "operator", *, before_second_factor: bool = False) -> Callable[[View], View]:
    """An operator of at least this role; the view gets their id.

    Where their role must have a second factor, they set it up before anything else: only the pages
    for that open `before_second_factor`.
    """

    def rule(view: View) -> View:
        @wraps(view)
        def guarded(**others: Any) -> ResponseReturnValue:
            who = visitor()
            if who is None:
                _forget_what_ended()
                return redirect(url_for("accounts.staff_login", next=_here()))
            if who.kind != "operator" or not who.ranks_as(role):
                abort(403)
            g.is_secret = True
            if who.needs_second_factor and not before_second_factor:
                return redirect(url_for("me.show"))
            _keep_awake(who)
            return view(who.id, **others)

        return _ruled(guarded, f"staff:{role}")

    return rule


def provider_only(setting: str) -> Callable[[View], View]:
    """A mail provider, which proves with each request that it knows the secret of this setting.

    The view checks the proof, for that is in the body; without a secret there is no such address.
    """

    def rule(view: View) -> View:
        @wraps(view)
        def guarded(**others: Any) -> ResponseReturnValue:
            if not getattr(current_app.extensions["settings"], setting):
                abort(404)
            g.is_secret = True
            return view(**others)

        return _ruled(guarded, f"provider:{setting}")

    return rule


def _forget_what_ended() -> None:
    """Leave nothing in a browser that was signed out from elsewhere, or by the clock."""
    if LOGGED_IN in session:
        log_out()


def _keep_awake(who: Visitor) -> None:
    """Note that somebody is at work; a page that renews itself in an empty room is nobody."""
    if request.method == "GET" and "HX-Request" in request.headers:
        return
    now = utcnow()
    if who.session_id and who.seen_at and now - who.seen_at >= SEEN_EVERY:
        note_seen(who.session_id, now)


def _here() -> str | None:
    """The page asked for; not where something was pressed, and not what is too long for a cookie."""
    here = request.script_root + request.full_path.rstrip("?")
    return here if request.method == "GET" and len(here) <= LONGEST_WAY else None


def _ruled(view: View, rule: str) -> View:
    view.__access__ = rule  # type: ignore[attr-defined] # functions take what is put upon them
    return view
