"""The guides, which are Markdown, as HTML: headings with ids, and terms that lead to the reference."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["GUIDES", "Guide", "Heading", "render"]

GUIDES = {
    "modelling.md": "Modelling guide",
    "extending.md": "Extending to another disease",
    "curating.md": "Curated records",
}
"""The guides by file in ``docs/``, in the order of reading, with the names that lead to them."""

_TERM = re.compile(r"smm:([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)")
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


class Heading(NamedTuple):
    """A heading of the second rank: its id and its text."""

    anchor: str
    text: str


class Guide(NamedTuple):
    """A guide as HTML, with what stands in its table of contents."""

    title: str
    headings: tuple[Heading, ...]
    html: str


def render(markdown: str, link: Callable[[str], str | None]) -> Guide:
    """Return a guide as HTML; comments are left out, other HTML is shown as text.

    Args:
        markdown: the text, which begins with its title.
        link: gives the page of one of our terms, by its local name, or none if there is no such term.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_COMMENT.sub("", markdown))
    headings = list(_anchored(tokens))
    for token in tokens:
        _lead_on(token)
    parser.add_render_rule("fence", lambda _, all_, at, *rest: _block(all_[at], link))
    parser.add_render_rule("code_inline", lambda _, all_, at, *rest: _code(all_[at], link))
    html = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    title = next((heading.text for tag, heading in headings if tag == "h1"), "")
    return Guide(title, tuple(heading for tag, heading in headings if tag == "h2"), html)


def _anchored(tokens: list[Token]) -> list[tuple[str, Heading]]:
    """Give each heading an id made of its words, and return tags and headings."""
    found: list[tuple[str, Heading]] = []
    taken: set[str] = set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(child.content for child in inline.children or [])
            slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
            number = 2
            anchor = slug
            while anchor in taken:
                anchor, number = f"{slug}-{number}", number + 1
            taken.add(anchor)
            opening.attrSet("id", anchor)
            found.append((opening.tag, Heading(anchor, text)))
    return found


def _lead_on(token: Token) -> None:
    """Let links to guides lead to their pages, and take those to other files of the repository away."""
    open_links: list[bool] = []
    kept: list[Token] = []
    for child in token.children or []:
        if child.type == "link_open":
            path, mark, fragment = str(child.attrGet("href")).partition("#")
            if path in GUIDES:
                child.attrSet("href", path.removesuffix(".md") + ".html" + mark + fragment)
            open_links.append(path in GUIDES or not path or "://" in path)
        keep = open_links[-1] if child.type in ("link_open", "link_close") else True
        if child.type == "link_close":
            open_links.pop()
        if keep:
            kept.append(child)
    if token.children is not None:
        token.children = kept


def _block(token: Token, link: Callable[[str], str | None]) -> str:
    kind = escape(token.info.strip().partition(" ")[0] or "text")
    return f'<pre class="{kind}" tabindex="0"><code>{_linked(token.content, link)}</code></pre>\n'


def _code(token: Token, link: Callable[[str], str | None]) -> str:
    return f"<code>{_linked(token.content, link)}</code>"


def _linked(text: str, link: Callable[[str], str | None]) -> str:
    def linked(found: re.Match[str]) -> str:
        page = link(found[1])
        return f'<a href="{escape(page)}">{found[0]}</a>' if page else found[0]

    return _TERM.sub(linked, escape(text, quote=False))
