"""Reads an HTML page as a test sees it, and finds what is wrong with any page."""

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
HOST = "localhost"


class Element:
    """One element: `text` is everything written inside it, with single spaces."""

    __slots__ = ("_begin", "_end", "_written", "attrs", "inside", "tag")

    def __init__(
        self,
        tag: str,
        attrs: dict[str, str],
        inside: tuple["Element", ...],
        written: list[str],
    ) -> None:
        self.tag, self.attrs, self.inside = tag, attrs, inside
        self._written, self._begin = written, len(written)
        self._end: int | None = None

    def close(self) -> None:
        """What is written from now on is outside."""
        self._end = len(self._written)

    @property
    def raw(self) -> str:
        """Everything written inside it, as it is."""
        return "".join(self._written[self._begin : self._end])

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())

    def within(self, tag: str) -> "Element | None":
        """The nearest element around this one with that tag."""
        return next((outer for outer in reversed(self.inside) if outer.tag == tag), None)


class Page(HTMLParser):
    """A parsed page: `find` and `find_all` by tag and attributes."""

    def __init__(self, html: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.html, self.address = html, address
        self.elements: list[Element] = []
        self._open: tuple[Element, ...] = ()
        self._written: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, self._open, self._written)
        self.elements.append(element)
        if tag in VOID:
            element.close()
        else:
            self._open = (*self._open, element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close_last()

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._close_last().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._written.append(data)

    def _close_last(self) -> Element:
        last = self._open[-1]
        self._open = self._open[:-1]
        last.close()
        return last

    def find_all(self, tag: str, **attrs: str) -> list[Element]:
        """Elements of this tag; `class_` asks for one class, other names for exact values."""
        css = attrs.pop("class_", None)
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element.attrs.get(name) == value for name, value in attrs.items())
            and (css is None or css in element.attrs.get("class", "").split())
        ]

    def find(self, tag: str, **attrs: str) -> Element:
        """The first such element; AssertionError when there is none."""
        found = self.find_all(tag, **attrs)
        if not found:
            raise AssertionError(f"no <{tag}> with {attrs} on {self.address}")
        return found[0]

    @property
    def text(self) -> str:
        """Everything the reader sees in <body>."""
        return self.find("body").text

    @property
    def h1(self) -> str:
        return self.find("h1").text

    def form(self, action: str | None = None) -> Element:
        """The POST form whose action contains `action`; without it, the page's own in <main>."""
        forms = [f for f in self.find_all("form") if f.attrs.get("method", "").lower() == "post"]
        if action is None:
            forms = [f for f in forms if f.within("main") and "data-minute" not in f.attrs]
        else:
            forms = [f for f in forms if action in (f.attrs.get("action") or self.address)]
        if not forms:
            raise AssertionError(f"no such form on {self.address}: {action}")
        return forms[0]

    def values(self, form: Element) -> dict[str, list[str]]:
        """What a browser would send for this form, without its buttons."""
        found: dict[str, list[str]] = {}
        for element in self.elements:
            name = element.attrs.get("name")
            if not name or form not in element.inside:
                continue
            if element.tag == "input":
                kind = element.attrs.get("type", "text")
                ticks = kind in ("checkbox", "radio")
                if kind in ("submit", "button", "file") or (
                    ticks and "checked" not in element.attrs
                ):
                    continue
                value = element.attrs.get("value", "on" if ticks else "")
                found.setdefault(name, []).append(value)
            elif element.tag == "textarea":
                found.setdefault(name, []).append(element.raw.strip())
            elif element.tag == "select":
                found.setdefault(name, []).extend(self._chosen(element))
        return found

    def _chosen(self, select: Element) -> list[str]:
        options = [e for e in self.elements if e.tag == "option" and select in e.inside]
        chosen = [o for o in options if "selected" in o.attrs]
        if not chosen and "multiple" not in select.attrs:
            chosen = options[:1]
        return [option.attrs.get("value", option.text) for option in chosen]


def faults(page: Page, app: Flask) -> list[str]:
    """Everything wrong with a page, in words."""
    return [
        *_frame(page),
        *_names(page),
        *_labels(page),
        *_inline(page),
        *_addresses(page, app),
    ]


def _frame(page: Page) -> list[str]:
    found = []
    html = page.find_all("html")
    if not html or html[0].attrs.get("lang") not in ("kk", "ru", "en"):
        found.append("<html> has no lang attribute of kk, ru or en")
    if not [title for title in page.find_all("title") if title.text and not title.within("svg")]:
        found.append("no <title>")
    headings = [h for h in page.find_all("h1") if h.text]
    if len(headings) != 1:
        found.append(f"{len(headings)} <h1> instead of one: {[h.text for h in headings]}")
    if re.search(r"%\(\w+\)s", page.html):
        found.append("a placeholder was left unfilled")
    return found


def _names(page: Page) -> list[str]:
    ids = Counter(element.attrs["id"] for element in page.elements if "id" in element.attrs)
    found = [f"id used twice: {name}" for name in sorted(i for i, n in ids.items() if n > 1)]
    for element in page.elements:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list"):
            for target in element.attrs.get(name, "").split():
                if target not in ids:
                    found.append(f"{name} refers to an id that is not there: {target}")
        href = element.attrs.get("href", "")
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            found.append(f"link to a place that is not on the page: {href}")
    return found


def _labels(page: Page) -> list[str]:
    labelled = {e.attrs.get("for") for e in page.find_all("label") if e.text}
    found = []
    for element in page.elements:
        if element.tag not in ("input", "select", "textarea"):
            continue
        if element.attrs.get("type", "text") in UNLABELLED and element.tag == "input":
            continue
        around = element.within("label")
        if (
            element.attrs.get("id") not in labelled
            and not (around and around.text)
            and not element.attrs.get("aria-label")
            and not element.attrs.get("aria-labelledby")
        ):
            found.append(f"no label: <{element.tag} name={element.attrs.get('name')!r}>")
    for button in page.find_all("button"):
        if not button.text and not button.attrs.get("aria-label"):
            found.append("a button without words")
    return found


def _inline(page: Page) -> list[str]:
    found = []
    for element in page.elements:
        for name in element.attrs:
            if name == "style" or name.startswith("on"):
                found.append(f"inline {name} on <{element.tag}>")
        if element.tag == "style":
            found.append("a <style> element")
        if element.tag == "script" and not element.attrs.get("src"):
            found.append("an inline <script>")
        if element.attrs.get("href", "").lower().startswith("javascript:"):
            found.append("a javascript: link")
    return found


def _addresses(page: Page, app: Flask) -> list[str]:
    found = []
    targets = []
    chosen = page.find_all("input", type="file")
    for element in page.elements:
        if element.tag == "form":
            method = element.attrs.get("method", "get").upper()
            targets.append((method, element.attrs.get("action") or page.address))
            if method == "POST":
                names = [e.attrs.get("name") for e in page.elements if element in e.inside]
                alone = urlsplit(targets[-1][1]).path.startswith("/v/")  # a page without a session
                if "csrf_token" not in names and not (alone or targets[-1][1].startswith("/v?")):
                    found.append(f"form without csrf_token: {element.attrs.get('action')}")
            files = any(element in e.inside for e in chosen)
            if files and element.attrs.get("enctype") != "multipart/form-data":
                found.append(f"a file is chosen in a form that does not send it: {targets[-1]}")
        if "formaction" in element.attrs:
            targets.append(("POST", element.attrs["formaction"]))
        if element.tag == "a" and not element.attrs.get("href", "#").startswith("#"):
            targets.append(("GET", element.attrs["href"]))
        for name in ("src", "href"):
            if element.tag in ("script", "img", "link") and name in element.attrs:
                targets.append(("GET", element.attrs[name]))
    for method, address in targets:
        if not _known(app, method, urljoin(f"http://{HOST}{page.address}", address)):
            found.append(f"unknown address: {method} {address}")
    return found


@lru_cache(maxsize=4096)  # most links of a page are those of the page before
def _known(app: Flask, method: str, address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in ("mailto", "tel", "data"):
        return True
    if parts.scheme != "http" or parts.netloc != HOST:
        return False
    try:
        app.url_map.bind(HOST).match(parts.path, method=method)
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True
