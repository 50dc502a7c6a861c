"""Pages of papers, one module for each group of screens; all of them hang on the one blueprint `bp`."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.core.shell import add_navigation

bp = Blueprint("papers", __name__)

from app.papers.views import freezing, papers, sections  # noqa: E402 - they need bp

__all__ = ["bp", "freezing", "papers", "sections"]


@add_navigation
def navigation_entries(person):
    """The papers' place in the side navigation."""
    return [("bank", 20, _l("Papers"), "papers.list_papers", "file-text", None)] if person.may("paper.read") else []
