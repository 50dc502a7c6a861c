"""Rosters for administrators: upload, dry run with its progress, applying, one-time passwords; template and export."""

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from app.core import clock, files
from app.core.access import requires
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.pages import Page, page_number, render_page
from app.people import reauth
from app.people.forms.rosters import ExportForm, RosterForm
from app.people.models import RosterImport
from app.people.roster import sheet
from app.people.roster.container import kind_of
from app.people.roster.export import rows_of
from app.people.roster.problems import COLUMNS, TEXTS, FileRefused, refusal_words
from app.people.roster.snapshot import stored_for
from app.people.service import rosters as service
from app.people.views import bp

LINES_A_PAGE = 50
SHOWN = {
    "problem": ("problem",),
    "add": ("add",),
    "change": ("change",),
    "move": ("move",),
    "deactivate": ("deactivate",),
    "unit": ("unit_add", "unit_change"),
}
MOST_EXPORTED = 20_000  # R68


@bp.route("/admin/people/imports/new", methods=["GET", "POST"])
@requires("people.import")
def new_import():
    """Upload a roster; it is read and planned, and nothing is written before the plan was seen."""
    form = RosterForm()
    if request.method == "GET" or not form.validate():
        return _upload_page(form, 200 if request.method == "GET" else 422)
    upload = form.file.data
    data = upload.read()
    try:
        kind_of(upload.filename, data)
    except FileRefused as refusal:
        form.file.errors = [refusal_words(refusal.code, refusal.values)]
        return _upload_page(form, 422)
    with unit_of_work():
        row = service.begin_import(
            current_user, upload.filename, data, deactivate_missing=form.deactivate_missing.data, now=clock.now()
        )
        import_id = row.id
    return redirect(url_for(".show_import", import_id=import_id), 303)


def _upload_page(form, status):
    query = select(RosterImport).options(joinedload(RosterImport.file)).where(RosterImport.created_by_id == current_user.id)
    latest = db.session.scalars(query.order_by(RosterImport.id.desc()).limit(10)).all()
    return render_page("people/new_import.html", form=form, latest=latest, status=status)


@bp.get("/admin/people/imports/<int:import_id>")
@requires("people.import")
def show_import(import_id):
    """One roster: its progress, its plan, or what became of it. Only for whoever uploaded it (R48)."""
    row = _own(import_id, undefer(RosterImport.lines), undefer(RosterImport.added_ids))
    lines = row.lines or []
    shown = request.args.get("show")
    if shown not in SHOWN:
        shown = next((name for name, kinds in SHOWN.items() if any(line["kind"] in kinds for line in lines)), "problem")
    wanted = [line for line in lines if line["kind"] in SHOWN[shown]]
    refusal = refusal_words(row.refusal["code"], row.refusal["values"]) if row.refusal else None
    waiting = len(service.waiting_for_password(row.added_ids or [])) if row.state == "applied" else 0
    return render_page("people/show_import.html", part="people/_import.html", row=row, page=_page(wanted), shown=shown, refusal=refusal,
                       columns=COLUMNS, texts=TEXTS, waiting=waiting, password_file=_password_file(row))  # fmt: skip


def _page(lines):
    number = min(page_number(), max(1, -(-len(lines) // LINES_A_PAGE)))
    return Page(lines[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE], number, LINES_A_PAGE, len(lines))


def _own(import_id, *options):
    query = select(RosterImport).where(RosterImport.id == import_id, RosterImport.created_by_id == current_user.id)
    return db.first_or_404(query.options(joinedload(RosterImport.file), joinedload(RosterImport.job), *options))


@bp.post("/admin/people/imports/<int:import_id>/apply")
@requires("people.import")
@reauth.confirmed
def apply_import(import_id):
    """Carry out the plan that was shown: its digest comes with the form (R24, R46)."""
    _own(import_id)
    with unit_of_work():
        service.order_apply(_own(import_id), request.form.get("digest", ""))
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/admin/people/imports/<int:import_id>/passwords")
@requires("people.import")
@reauth.confirmed
def issue_import_passwords(import_id):
    """Issue one-time passwords for the people this roster added."""
    _own(import_id)
    with unit_of_work():
        service.order_passwords(_own(import_id))
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.get("/admin/people/imports/<int:import_id>/passwords.xlsx")
@requires("people.import")
@reauth.confirmed
def download_import_passwords(import_id):
    """The workbook of one-time passwords, for a day and for one person."""
    file = _password_file(_own(import_id)) or abort(404)
    return files.download(file.read(), file.filename, file.media_type)


def _password_file(row):
    file = db.session.get(files.StoredFile, row.passwords_file_id) if row.passwords_file_id else None
    return file if file is not None and file.owner_id == current_user.id and file.expires_at > clock.now() else None


@bp.get("/admin/people/imports/template.xlsx")
@requires("people.import")
def download_template():
    """The empty template."""
    return files.download(sheet.template(), _("Roster template") + ".xlsx", service.MEDIA_TYPE)


@bp.get("/admin/people/export")
@requires("people.import")
def new_export():
    """Choose how much an export shows."""
    return render_page("people/new_export.html", form=ExportForm())


@bp.post("/admin/people/export.xlsx")
@requires("people.import")
@reauth.confirmed
def export_people():
    """The people of one's units as a workbook that can be imported again (R46, R67, R68)."""
    form = ExportForm()
    if not form.validate():
        return render_page("people/new_export.html", form=form, status=422)
    rows = rows_of(stored_for(current_user), whole_phones=form.whole_phones.data)
    if len(rows) > MOST_EXPORTED:
        form.whole_phones.errors = [_("There are more than %(most)s rows. Ask for a part of them.", most=MOST_EXPORTED)]
        return render_page("people/new_export.html", form=form, status=422)
    now = clock.now()
    data = sheet.export(
        rows, [f"{current_user.name}（{current_user.account}）于 {clock.machine_time(now)} 导出，共 {len(rows)} 行。"]
    )
    with unit_of_work():
        record(
            "roster.export",
            object_type="people",
            rows=len(rows),
            whole_phones=form.whole_phones.data,
            reason=form.reason.data or None,
        )
    return files.download(data, f"{_('People')}-{clock.local(now):%Y%m%d}.xlsx", service.MEDIA_TYPE)
