"""Pages and parts: one address serves the whole page to a browser and the part to htmx (style §8)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request
from sqlalchemy import func, select

from app.core.db import db

PAGE_SIZE = 25
LARGEST_PAGE = 200  # R61


def render_page(template, /, part=None, status=200, **context):
    """Render `template`, or only `part` when htmx asks."""
    template = part if part and request.headers.get("HX-Request") else template
    response = make_response(render_template(template, **context), status)
    response.headers["Vary"] = "HX-Request"
    return response


def after_post(url, part=None, **context):
    """After a deed: send a browser on to `url` (303), hand htmx the fresh part, or tell it where to go."""
    if not request.headers.get("HX-Request"):
        return redirect(url, 303)
    if part is None:
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return render_page(part, part=part, **context)


def own_path(target, default="/"):
    """Return `target` if it is a path of our own, else `default` (R47: no redirects to elsewhere)."""
    target = target or ""
    parts = urlsplit(target)
    fine = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if fine and "\\" not in target and target.isprintable() else default


@dataclass
class Page:
    """One page of a list: its rows, which page it is, and how many rows there are in all."""

    rows: list
    number: int
    size: int
    total: int

    @property
    def pages(self):
        return max(1, -(-self.total // self.size))

    @property
    def first(self):
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self):
        return min(self.number * self.size, self.total)

    @property
    def has_previous(self):
        return self.number > 1

    @property
    def has_next(self):
        return self.number < self.pages


def page_number():
    """The page asked for in the query string: 1 or more."""
    return max(1, request.args.get("page", 1, type=int) or 1)


def paged(query, *, size=PAGE_SIZE, number=None, scalars=True):
    """Run one page of a select: two queries, whatever the number of rows. Returns a Page."""
    number = number or page_number()
    size = min(size, LARGEST_PAGE)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    number = min(number, max(1, -(-total // size)))
    result = db.session.execute(query.limit(size).offset((number - 1) * size))
    return Page(list(result.scalars().unique() if scalars else result.all()), number, size, total)


def like(text):
    """Return `text` as a LIKE pattern for "contains", its wildcards escaped with a backslash (R61)."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
