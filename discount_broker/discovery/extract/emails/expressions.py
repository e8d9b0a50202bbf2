"""The text that a simple expression of a page's script stands for: literals joined, turned or decoded."""

import base64
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

MOST_TOKENS = 600
DEEPEST = 12
LONGEST_VALUE = 20_000
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\\n]|\\.){0,8000}'|\"(?:[^\"\\\n]|\\.){0,8000}\"|`(?:[^`\\]|\\.){0,8000}`)|"
    r"(?P<number>0[xX][0-9a-fA-F]{1,6}|\d{1,9})|(?P<name>[A-Za-z_$][\w$]{0,80})|"
    r"(?P<pattern>/(?:[^/\\\n]|\\.){1,80}/[gimu]{0,4}(?=\s*,))|(?P<sign>[-+()\[\],.]))"
)
ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{3})|(.))", re.DOTALL
)
HOLE = re.compile(r"\$\{\s*([A-Za-z_$][\w$]{0,60})\s*\}")
NOT_LITERAL = re.compile(r"(?<!\\)[*+?{}()|\[\]^$.]")
BLANKS = {"n": "\n", "t": "\t", "r": "\r"}

Value = str | list[str]


def evaluate(script: str, place: int, names: Mapping[str, str]) -> str:
    """The text of the expression that begins at `place`; what is not understood counts as nothing."""
    return _text(_Reader(script, place, names).expression())


def unescaped(literal: str) -> str:
    """What a literal holds, its entities resolved too: scripts write markup."""
    return html.unescape(ESCAPE.sub(_letter, literal) if "\\" in literal else literal)


def _letter(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2) or found.group(3)
    if code:
        return _letter_of(int(code, 16))
    if found.group(4):
        return _letter_of(int(found.group(4), 8))
    return BLANKS.get(found.group(5), found.group(5))


def _letter_of(code: int) -> str:
    return chr(code) if 9 <= code < 0x3000 else ""


def of_codes(codes: list[str]) -> str:
    """Letters by their numbers, decimal or hexadecimal."""
    return html.unescape("".join(_letter_of(int(code, 0)) for code in codes if _is_code(code)))


def _is_code(code: str) -> bool:
    return bool(re.fullmatch(r"0[xX][0-9a-fA-F]{1,6}|0|[1-9]\d{0,6}", code))


def of_base64(text: str) -> str:
    """Text out of base64; empty when it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except ValueError:
        return ""


def _text(value: Value) -> str:
    return value[:LONGEST_VALUE] if isinstance(value, str) else ",".join(value)[:LONGEST_VALUE]


@dataclass
class _Reader:
    """Reads one expression from left to right and never looks back."""

    script: str
    place: int
    names: Mapping[str, str]
    left: int = MOST_TOKENS
    depth: int = 0

    def _next(self, *signs: str) -> re.Match[str] | None:
        """The next token, taken only when it is one of the signs (of any token when none are given)."""
        found = TOKEN.match(self.script, self.place) if self.left > 0 else None
        if found and (not signs or found.group("sign") in signs):
            self.place, self.left = found.end(), self.left - 1
            return found
        return None

    def expression(self) -> Value:
        value: Value = self._term()
        while self._next("+"):
            value = _text(value) + _text(self._term())
        return value

    def _term(self) -> Value:
        if self.depth > DEEPEST or not (token := self._next()):
            return ""
        value: Value = ""
        if literal := token.group("string"):
            value = self._literal(literal)
        elif token.group("number") or token.group("pattern"):
            value = token.group().strip()
        elif name := token.group("name"):
            return self._named(name)
        elif token.group("sign") == "(":
            listed = self._list(")")
            value = listed[-1] if listed else ""
        elif token.group("sign") == "[":
            value = self._list("]")
        return self._with_methods(value)

    def _literal(self, literal: str) -> str:
        inside = literal[1:-1]
        if literal[0] == "`":
            inside = HOLE.sub(lambda hole: self.names.get(hole.group(1), ""), inside)
        return unescaped(inside)

    def _list(self, end: str) -> list[str]:
        self.depth += 1
        values: list[str] = []
        while not self._next(end) and self.left > 0:
            before = self.place
            values.append(_text(self.expression()))
            if not self._next(",") and not self._next(end):
                break
            if self.place == before or self.script[self.place - 1] == end:
                break
        self.depth -= 1
        return values

    def _named(self, name: str) -> Value:
        while self._next("."):
            member = self._next()
            if member is None or not member.group("name"):
                return ""
            if self.script[self.place : self.place + 1] == "(" and name in self.names:
                self._next("(")
                return self._with_methods(_called(member.group("name"), self.names[name], self._list(")")))
            name = member.group("name")
        if self._next("("):
            return self._with_methods(FUNCTIONS.get(name, _nothing)(self._list(")")))
        return self._with_methods(self.names.get(name, ""))

    def _with_methods(self, value: Value) -> Value:
        while self._next("."):
            method = self._next()
            if method is None or not method.group("name"):
                return value
            arguments = self._list(")") if self._next("(") else []
            value = _called(method.group("name"), value, arguments)
        return value


def _nothing(_: list[str]) -> str:
    return ""


FUNCTIONS: Mapping[str, Callable[[list[str]], str]] = {
    "fromCharCode": of_codes,
    "fromCodePoint": of_codes,
    "unescape": lambda given: unquote("".join(given[:1])),
    "decodeURIComponent": lambda given: unquote("".join(given[:1])),
    "decodeURI": lambda given: unquote("".join(given[:1])),
    "atob": lambda given: of_base64("".join(given[:1])),
    "eval": lambda given: "".join(given[:1]),
    "String": lambda given: "".join(given[:1]),
}


def _called(method: str, value: Value, given: list[str]) -> Value:
    """What a method of a text or of a list gives."""
    if isinstance(value, list):
        return _of_list(method, value, given)
    if method == "split":
        return list(value) if given[:1] in ([""], []) else value.split(given[0])
    if method == "concat":
        return value + "".join(given)
    if method == "replace" and len(given) > 1:
        return _replaced(value, given[0], given[1])
    return value.lower() if method == "toLowerCase" else value


def _of_list(method: str, value: list[str], given: list[str]) -> Value:
    if method == "join":
        return (given[0] if given else ",").join(value)
    if method == "reverse":
        return value[::-1]
    return [*value, *given] if method == "concat" else value


def _replaced(value: str, pattern: str, new: str) -> str:
    """Plain text for plain text; an expression of the page is never run."""
    if not (is_expression := re.fullmatch(r"/(.+)/[gimu]*", pattern)):
        return value.replace(pattern, new, 1) if pattern else value
    old = is_expression.group(1)
    return value if NOT_LITERAL.search(old) else value.replace(re.sub(r"\\(.)", r"\1", old), new)
