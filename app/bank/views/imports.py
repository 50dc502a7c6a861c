"""Paste-import: the text at the left, what was recognised at the right; nothing is stored in the bank until somebody says so.

Every button of the page sends the text along, so that nothing typed is lost, with or without scripts.
"""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.bank.forms.imports import ImportForm, typed_text, wanted_page, wanted_view
from app.bank.imports.examining import examine
from app.bank.models import ImportBatch
from app.bank.service import imports as service
from app.bank.views import bp
from app.bank.views.import_files import read_file
from app.bank.views.import_page import filled, import_page, keep
from app.bank.views.loading import get_bank, get_import
from app.core import clock
from app.core.access import requires
from app.core.db import unit_of_work
from app.core.errors import Stale
from app.core.pages import render_page


@bp.get("/banks/<int:bank_id>/imports/new")
@requires("bank.import")
def new_import(bank_id):
    """An empty import page; the draft begins with the first text or file."""
    bank = get_bank(bank_id, "bank.import")
    empty = ImportBatch(
        bank_id=bank.id, text="", overrides={}, settings={}, filename="", state=service.OPEN, imported=0, version=0
    )
    return import_page(empty, ImportForm(formdata=None), bank=bank)


@bp.post("/banks/<int:bank_id>/imports")
@requires("bank.import")
def create_import(bank_id):
    """Begin a draft with what was typed, then do what was asked."""
    get_bank(bank_id, "bank.import")
    with unit_of_work():
        bank = get_bank(bank_id, "bank.import")
        import_id = service.start_import(bank.id, author=current_user, now=clock.now(), text=typed_text() or "").id
    return read_file(import_id, insist=True) if "file" in request.form else _save(import_id, insist=True)


@bp.get("/imports/<int:import_id>")
@requires("bank.import")
def show_import(import_id):
    """One draft as it stands, or what came of it."""
    batch = get_import(import_id)
    if batch.state != service.OPEN:
        return render_page("bank/finished_import.html", batch=batch, bank=batch.bank)
    if batch.settings.get("sheets") and batch.file_id:
        return redirect(url_for(".map_columns", import_id=batch.id))
    return import_page(batch, filled(batch))


@bp.post("/imports/<int:import_id>")
@requires("bank.import")
def save_import(import_id):
    """Keep the text and one choice; answer with what is recognised now."""
    get_import(import_id)
    return _save(import_id)


def _save(import_id, insist=False):
    answer = keep(import_id, insist=insist)
    if answer is not None:
        return answer
    if request.headers.get("HX-Request"):
        batch = get_import(import_id)
        return import_page(batch, filled(batch))
    page = wanted_page()
    return redirect(url_for(".show_import", import_id=import_id, view=wanted_view(), page=page if page > 1 else None), 303)


@bp.post("/imports/<int:import_id>/store")
@requires("bank.import")
def store_import(import_id):
    """Store what is ready; what needs work stays on the page."""
    get_import(import_id)
    answer = keep(import_id)
    if answer is not None:
        return answer
    batch = get_import(import_id)
    examined, seen = examine(batch), batch.version
    with unit_of_work():
        batch = get_import(import_id)
        if batch.version != seen:
            raise Stale
        stored, waiting = service.store_import(batch, examined, author=current_user, now=clock.now())
    _say_stored(stored, waiting)
    return redirect(url_for(".show_import", import_id=import_id), 303)


def _say_stored(stored, waiting):
    if not stored.count:
        flash(_("There was nothing new to store."), "info")
        return
    words = ngettext("%(num)s question is stored.", "%(num)s questions are stored.", stored.count)
    if waiting:
        left = ngettext("%(num)s still needs you; it stays here.", "%(num)s still need you; they stay here.", waiting)
        words = _("%(first)s %(second)s", first=words, second=left)
    flash(words, "ok")


@bp.post("/imports/<int:import_id>/discard")
@requires("bank.import")
def discard_import(import_id):
    """Throw the draft away."""
    get_import(import_id)
    with unit_of_work():
        batch = get_import(import_id)
        bank_id = batch.bank_id
        service.discard(batch)
    flash(_("The draft is thrown away. What it stored before stays in the bank."), "ok")
    return redirect(url_for(".show_bank", bank_id=bank_id), 303)


@bp.post("/imports/<int:import_id>/finish")
@requires("bank.import")
def finish_import(import_id):
    """End the import although some questions were not stored."""
    examined = examine(get_import(import_id))
    with unit_of_work():
        service.finish(get_import(import_id), examined, now=clock.now())
    return redirect(url_for(".show_import", import_id=import_id), 303)
