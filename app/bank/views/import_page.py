"""The import page itself: what every button of it keeps first, and the page or its right side as the answer."""

import json

from flask import request

from app.bank import kinds
from app.bank.errors import TooMuchText
from app.bank.forms.imports import ImportForm, pressed, typed_text, wanted_page, wanted_view
from app.bank.imports import reading
from app.bank.imports.examining import ALL, READY, TODO, examine
from app.bank.imports.sample import SAMPLE
from app.bank.queries import banks
from app.bank.service import imports as service
from app.bank.views.loading import get_import
from app.core import clock
from app.core.db import unit_of_work
from app.core.errors import Stale
from app.core.pages import Page, render_page

CARDS_A_PAGE = 100
NOTES_SHOWN = 20


def keep(import_id, insist=False):
    """Keep text, settings and the pressed choice of a draft. Return None, or the page to answer with when that did not go.

    insist: the draft was only just begun, so no other window can have changed it.
    """
    form, text, act, now = ImportForm(), typed_text(), pressed(), clock.now()
    good = form.validate()
    try:
        with unit_of_work():
            batch = get_import(import_id)
            service.keep_text(batch, batch.text if text is None else text, seen=None if insist else form.version, now=now)
            if good:
                service.keep_settings(batch, form.settings, now=now)
            if act.name == "clear":
                service.keep_text(batch, "", seen=None, now=now)
            elif act.name == "choose":
                service.choose(batch, act.line, now=now, **act.values)
    except Stale:
        return _two_windows(import_id, text, form)
    except TooMuchText as refusal:
        return import_page(get_import(import_id), form, typed=text, wrong=[refusal.text], status=422)
    if not good:
        batch = get_import(import_id)
        form.seen.data = str(batch.version)
        return import_page(batch, form, status=422)
    return None


def _two_windows(import_id, text, form):
    """Another window saved this draft meanwhile: nothing is overwritten, both texts are there to choose from (R25)."""
    batch = get_import(import_id)
    return import_page(batch, form, typed=text, other=batch.text, status=409)


def filled(batch):
    """Return the form with a draft's own settings."""
    form = ImportForm(formdata=None)
    form.fill(batch)
    return form


def import_page(batch, form, *, bank=None, typed=None, other=None, wrong=(), status=200):
    """Return the page of a draft; only its right side for the page's own script.

    typed: text to show instead of the draft's; other: the text of another window; wrong: sentences for the top.
    """
    examined, bank = examine(batch), bank or batch.bank
    counts = examined.counts
    view = wanted_view() or _first_view(counts)
    notes = [*batch.settings.get("notes", []), *([one.line, one.message] for one in examined.problems)]
    return render_page(
        "bank/show_import.html", part="bank/_found.html", status=status, bank=bank, batch=batch, form=form, text=batch.text if typed is None else typed,
        other=other, wrong=wrong, counts=counts, view=view, page=_cards(examined.of(view)), notes=notes[:NOTES_SHOWN],
        more_notes=max(0, len(notes) - NOTES_SHOWN), runs=json.dumps(examined.runs), kinds=kinds, sample=SAMPLE, topic_names=banks.topic_names(bank.id),
        file_kinds=",".join(reading.KINDS), is_part=bool(request.headers.get("HX-Request")),
    )  # fmt: skip


def _first_view(counts):
    if counts[TODO] or not counts[ALL]:
        return TODO
    return READY if counts[READY] else ALL


def _cards(cards):
    number = min(wanted_page(), max(1, -(-len(cards) // CARDS_A_PAGE)))
    return Page(cards[(number - 1) * CARDS_A_PAGE : number * CARDS_A_PAGE], number, CARDS_A_PAGE, len(cards))
