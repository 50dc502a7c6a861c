"""Markdown to safe HTML: cleaned on the way out, whatever was stored (R63)."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "a", "h2", "h3", "h4",
        "blockquote", "hr", "code"}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def render(text):
    """Return Markdown as Markup: no scripts, no handlers, no styles, links only to http and https; headings start at h2."""
    html = _parser.render(text or "").replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel="noopener noreferrer")
    return Markup(clean)  # noqa: S704 - nh3 has cleaned it
