"""A browser without a window: opens pages, fills forms, presses buttons, keeps cookies."""

from urllib.parse import urljoin, urlsplit

import requests
from lxml import html
from lxml.html import FormElement, HtmlElement

PATIENCE = 15


class NoSuchForm(Exception):
    """The page has no form, or no field, of that kind."""


class Page:
    """What the browser shows."""

    def __init__(self, browser: "Browser", answer: requests.Response) -> None:
        self._browser, self.url, self.status = browser, answer.url, answer.status_code
        self.text = answer.text
        self.root: HtmlElement = html.fromstring(answer.content or b"<p></p>", base_url=answer.url)

    @property
    def words(self) -> str:
        """Everything there is to read, blanks made one."""
        return " ".join(self.root.text_content().split())

    def links(self, part: str) -> list[str]:
        """Return addresses of links that contain `part`."""
        return [urljoin(self.url, link) for link in self.root.xpath("//a/@href") if part in link]

    def form(self, action_part: str, field: str = "") -> "Form":
        """The form that goes there; where several do, the first that has this field."""
        # What a script sends, or closes a dialog, names no place that it goes to.
        sending = sorted(self.root.forms, key=lambda form: not form.action)
        paths = [(form, urlsplit(urljoin(self.url, form.action or self.url)).path) for form in sending]
        ending = [form for form, path in paths if path.endswith(action_part)]
        holding = [form for form, path in paths if action_part in path]
        for form in (*ending, *holding):
            if not field or field in form.fields:
                return Form(self._browser, self.url, form)
        raise NoSuchForm(f"{self.url} has no form for {action_part} {field}")


class Form:
    def __init__(self, browser: "Browser", page_url: str, element: FormElement) -> None:
        self._browser, self._page_url, self._element = browser, page_url, element

    def fill(self, **values: str) -> "Form":
        for name, value in values.items():
            if name not in self._element.fields:
                raise NoSuchForm(f"the form of {self._page_url} has no field {name}")
            self._element.fields[name] = value
        return self

    def tick(self, *names: str) -> "Form":
        for name in names:
            self._element.inputs[name].checked = True
        return self

    def untick(self, *names: str) -> "Form":
        for name in names:
            self._element.inputs[name].checked = False
        return self

    @property
    def chosen(self) -> dict[str, str]:
        """What would be sent if it were sent now."""
        return dict(self._element.form_values())

    def press(self, name: str = "", value: str = "") -> Page:
        """Send the form, by the button of that name and value where it has several."""
        fields = self._element.form_values() + ([(name, value)] if name else [])
        target = urljoin(self._page_url, self._element.action or self._page_url)
        return self._browser.send(target, fields)


class Browser:
    def __init__(self, home: str, language: str = "ru") -> None:
        self._home, self._session = home, requests.Session()
        self._session.trust_env = False  # a proxy of the house has no business here
        self._session.headers["Accept-Language"] = language

    def open(self, path: str, host: str = "") -> Page:
        """Open a path of the home site, or a whole address; `host` as a name the system need not know."""
        headers = {"Host": host} if host else {}
        return Page(self, self._session.get(urljoin(self._home, path), headers=headers, timeout=PATIENCE))

    def read_json(self, path: str, **query: str) -> list[dict[str, str]]:
        answer = self._session.get(urljoin(self._home, path), params=query, timeout=PATIENCE)
        answer.raise_for_status()
        found: list[dict[str, str]] = answer.json()
        return found

    def send(self, url: str, fields: list[tuple[str, str]]) -> Page:
        return Page(self, self._session.post(url, data=fields, timeout=PATIENCE))
