"""Who may open a page: every view carries one of these rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from discount_broker.accounts import queries
from discount_broker.discount_requests.rules import CONFIRM_WITHIN
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.tokens import Purpose, read_token
from discount_broker.notifications.use_cases import LOGIN_LINK_LASTS

View = Callable[..., ResponseReturnValue]

RANKS = {"operator": 1, "lead": 2, "admin": 3}
"""A higher role may do what a lower one may."""

LIFETIMES = {
    Purpose.DRAFT: timedelta(days=7),
    Purpose.CONFIRM: CONFIRM_WITHIN,
    Purpose.LOGIN: LOGIN_LINK_LASTS,
}
"""Links of other purposes live as long as the request they belong to."""

login_manager = LoginManager()


@dataclass(frozen=True)
class Visitor(UserMixin):
    """Whoever is logged in; `kind` is `buyer` or `operator`."""

    kind: str
    id: UUID
    name: str
    role: str = ""
    language: str = ""

    def get_id(self) -> str:
        return f"{self.kind}:{self.id}"

    def ranks_as(self, role: str) -> bool:
        return RANKS.get(self.role, 0) >= RANKS[role]


def init_app(app: Flask) -> None:
    # Templates ask for `visitor()`: the page that says "no database" must not look one up.
    login_manager.init_app(app, add_context_processor=False)


@login_manager.user_loader
def load_visitor(visitor_id: str) -> Visitor | None:
    kind, _, row_id = visitor_id.partition(":")
    if kind == "buyer" and (buyer := queries.find_buyer(UUID(row_id))):
        return Visitor("buyer", buyer.id, buyer.email, language=buyer.language)
    if kind == "operator" and (operator := queries.find_operator(UUID(row_id))):
        return Visitor("operator", operator.id, operator.name, operator.role)
    return None


def log_in(kind: str, row_id: UUID) -> None:
    """Begin a session for a buyer or an operator; whatever the browser carried before is dropped."""
    chosen = session.get("language")
    session.clear()
    entering = load_visitor(f"{kind}:{row_id}")
    if entering is None:
        abort(403)
    session["language"] = chosen or entering.language
    login_user(entering)
    session.permanent = kind == "buyer"


def log_out() -> None:
    """End the session; nothing that was typed stays for whoever sits down here next."""
    chosen = session.get("language")
    logout_user()
    session.clear()
    if chosen:
        session["language"] = chosen


def visitor() -> Visitor | None:
    """Whoever is logged in."""
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
            return view(subject_id, token=token, **others)

        return _ruled(guarded, f"token:{purpose}")

    return rule


def buyer_required(view: View) -> View:
    """A logged-in buyer; the view gets their id."""

    @wraps(view)
    def guarded(**others: Any) -> ResponseReturnValue:
        who = visitor()
        if who is None:
            return redirect(url_for("accounts.login"))
        if who.kind != "buyer":
            abort(403)
        g.is_secret = True
        return view(who.id, **others)

    return _ruled(guarded, "buyer")


def staff_required(role: str = "operator") -> Callable[[View], View]:
    """An operator of at least this role; the view gets their id."""

    def rule(view: View) -> View:
        @wraps(view)
        def guarded(**others: Any) -> ResponseReturnValue:
            who = visitor()
            if who is None:
                return redirect(url_for("accounts.staff_login", next=_here()))
            if who.kind != "operator" or not who.ranks_as(role):
                abort(403)
            g.is_secret = True
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


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _ruled(view: View, rule: str) -> View:
    view.__access__ = rule  # type: ignore[attr-defined]
    return view
