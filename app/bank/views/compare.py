"""A recognised question beside the one that says the same, in the bank or earlier in the text."""

from flask import redirect, url_for
from flask_babel import gettext as _

from app.bank import rules
from app.bank.imports.cards import Repeat
from app.bank.imports.examining import examine
from app.bank.models import Question
from app.bank.views import bp
from app.bank.views.loading import get_import
from app.core.access import requires
from app.core.db import db
from app.core.pages import render_page


@bp.get("/imports/<int:import_id>/compare/<int:line>")
@requires("bank.import")
def compare_import(import_id, line):
    """What differs between the question that begins in a line and the one it resembles."""
    batch = get_import(import_id)
    cards = examine(batch).cards
    card = next((one for one in cards if one.line == line and one.same is not None), None)
    if card is None:
        return redirect(url_for(".show_import", import_id=import_id))
    other, title = _other_side(batch, card, cards)
    mine = _parts(card.question)
    rows = [(name, rules.diff(one, two)) for name, one, two in rules.side_by_side(other, mine)]
    same = [name for name, text in mine if text and (name, text) in other]
    return render_page(
        "bank/compare_import.html",
        part="bank/_compare.html",
        batch=batch,
        bank=batch.bank,
        card=card,
        title=title,
        rows=rows,
        same=same,
    )


def _parts(question):
    return rules.parts(question.kind, question.body(), question.source or "")


def _other_side(batch, card, cards):
    """Return (parts, where it stands) of the question that a card resembles."""
    if isinstance(card.same, Repeat):
        first = next(one.question for one in cards if one.line == card.same.line)
        return _parts(first), _("Line %(line)s of this text", line=card.same.line)
    question = db.session.get_one(Question, card.same.id)
    version = question.current
    words = _("Question %(number)s of the bank", number=f"{question.number:04}")
    return rules.parts(version.kind, version.body, version.source), words
