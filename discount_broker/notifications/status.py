"""Kinds of news, the ways they come, and what becomes of one piece. Pure."""

from enum import StrEnum


class NewsKind(StrEnum):
    """What a buyer can be told, as they choose it on the page of their preferences."""

    NEEDED = "needed"
    """What they asked for or must know: confirmations, log-in links, their deletion, our people's letters."""
    ACCEPTED = "accepted"
    """The offer they took, with the number to show and how the shop reaches them."""
    ASKED = "asked"
    """Shops are searched for and were asked."""
    ANSWERED = "answered"
    """A shop made an offer, wrote, or will call."""
    DECLINED = "declined"
    ENDING = "ending"
    """An offer runs out soon."""
    SILENT = "silent"
    """Nobody has answered yet; what was tried and what comes next."""
    CALLED = "called"
    """We phoned the shop."""
    PROMISED = "promised"
    """A shop promised something, kept it or did not."""
    OUTCOME = "outcome"
    """Did they call, did you get it?"""
    ENDED = "ended"
    """A request is over."""
    WATCH = "watch"
    """A watched product is back, or cheaper."""
    GREETING = "greeting"
    """A word on the birthday, for those who asked."""


class Urgency(StrEnum):
    """How long a piece of news may wait."""

    NOW = "now"
    """They sit and wait for it: it leaves at any hour."""
    SOON = "soon"
    """At once, but not into the hours in which they want to be left alone."""
    DAILY = "daily"
    """With the others of the day, unless they want it otherwise."""


class NewsWay(StrEnum):
    """How news come."""

    MAIL = "mail"
    TEXT = "text"
    """By SMS as well as by mail."""
    DIGEST = "digest"
    """Together, once a day."""
    NONE = "none"


class NewsState(StrEnum):
    WAITING = "waiting"
    TOLD = "told"
    DROPPED = "dropped"
    """Overtaken by what happened since, or not wanted."""
