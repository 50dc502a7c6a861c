"""Pages of the question bank, one module for each group of screens; all of them hang on the one blueprint `bp`."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.core.shell import add_navigation

bp = Blueprint("bank", __name__)

from app.bank.views import banks, compare, editor, import_files, imports, questions  # noqa: E402 - they need bp

__all__ = ["banks", "bp", "compare", "editor", "import_files", "imports", "questions"]


@add_navigation
def navigation_entries(person):
    """The banks' place in the side navigation."""
    return [("bank", 10, _l("Question banks"), "bank.list_banks", "library", None)] if person.may("bank.read") else []
