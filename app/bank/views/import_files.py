"""Files on their way into an import: read by a process of their own; tables whose columns a person has to name."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.bank.errors import FileRefused, FileTooCostly, TooMuchText
from app.bank.forms.imports import COLUMN_ROLES, ColumnsForm
from app.bank.imports import reading
from app.bank.service import imports as service
from app.bank.views import bp
from app.bank.views.import_page import filled, import_page, keep
from app.bank.views.loading import get_import
from app.core import clock
from app.core.access import requires
from app.core.db import unit_of_work
from app.core.errors import TooMany
from app.core.limits import hit
from app.core.pages import render_page

FILES_AN_HOUR = 60  # of one person: each may take a minute of a processor


@bp.post("/imports/<int:import_id>/file")
@requires("bank.import")
def add_file(import_id):
    """Read a file into the text."""
    get_import(import_id)
    return read_file(import_id)


def read_file(import_id, insist=False):
    """Keep what was typed, then put the text of the chosen file below it; return the answer."""
    answer = keep(import_id, insist=insist)
    if answer is not None:
        return answer
    file = request.files.get("upload")
    if file is None or not file.filename:
        return _refused(import_id, _("Choose a file first."))
    _count_file()
    filename, data = file.filename.replace("\0", "")[-200:], file.read()
    try:
        read = reading.read(filename, data)
        with unit_of_work():
            if read.sheets is None:
                service.add_read(get_import(import_id), read, filename, now=clock.now())
            else:
                service.keep_table(get_import(import_id), read.sheets, data, filename, now=clock.now())
    except (FileRefused, FileTooCostly, TooMuchText) as refusal:
        return _refused(import_id, refusal.text)
    return redirect(url_for(".show_import", import_id=import_id), 303)


def _count_file():
    wait = hit(f"bank.files:{current_user.id}", FILES_AN_HOUR, 3600)
    if wait:
        raise TooMany(retry_after=wait)


def _refused(import_id, words):
    batch = get_import(import_id)
    return import_page(batch, filled(batch), wrong=[words], status=422)


@bp.route("/imports/<int:import_id>/columns", methods=["GET", "POST"])
@requires("bank.import")
def map_columns(import_id):
    """Name the columns of a table that did not name them itself."""
    batch, form = get_import(import_id), ColumnsForm()
    if not (batch.settings.get("sheets") and batch.file_id):
        return redirect(url_for(".show_import", import_id=import_id))
    if not form.is_submitted():
        return _columns_page(batch, form)
    wrong = form.problems()
    if wrong:
        return _columns_page(batch, form, wrong=wrong, status=422)
    filename, data, path = batch.file.filename, batch.file.read(), batch.file.path
    _count_file()
    try:
        read = reading.read(filename, data, form.mapping())
    except (FileRefused, FileTooCostly, TooMuchText) as refusal:
        return _columns_page(get_import(import_id), form, wrong=[refusal.text], status=422)
    if read.sheets is not None:
        return _columns_page(
            get_import(import_id), form, wrong=[_("No question was found with these columns. Choose others.")], status=422
        )
    with unit_of_work():
        service.add_read(get_import(import_id), read, filename, now=clock.now())
    path.unlink(missing_ok=True)
    return redirect(url_for(".show_import", import_id=import_id), 303)


def _columns_page(batch, form, *, wrong=(), status=200):
    sheets, name = batch.settings["sheets"], request.values.get("sheet")
    sheet = next((one for one in sheets if one["name"] == name), sheets[0])
    typed = form.is_submitted()
    return render_page(
        "bank/map_columns.html", batch=batch, bank=batch.bank, form=form, sheets=sheets, sheet=sheet, roles=COLUMN_ROLES,
        chosen=form.roles if typed else {}, head=form.head if typed else 0, wrong=wrong, status=status,
    )  # fmt: skip
