"""A unit's side: its copies, reading, downloading, signing; and everybody's inbox."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires, signed_in
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.pages import after_post, paged, render_page
from app.notices import forms, queries
from app.notices.service import signing
from app.notices.views import bp
from app.notices.views.bureau import pdf_response, shown_document


@bp.get("/messages")
@signed_in
def list_messages():
    """Everybody's own inbox."""
    return render_page("notices/list_messages.html", page=paged(queries.inbox(current_user)), now=clock.now())


@bp.get("/notices")
@requires("copy.read")
def list_copies():
    """The notices that a unit received, newest first."""
    return render_page("notices/list_copies.html", page=paged(queries.own_copies(current_user)), now=clock.now())


@bp.get("/notices/<int:copy_id>")
@requires("copy.read")
def show_copy(copy_id):
    """One copy as the document it is, with the box to sign."""
    return _copy_page(db.first_or_404(queries.own_copy(current_user, copy_id)), forms.SignForm())


def _copy_page(copy, form, status=200):
    return render_page(
        "notices/show_copy.html",
        status=status,
        copy=copy,
        notice=copy.notice,
        document=shown_document(copy.notice),
        form=form,
        now=clock.now(),
    )


@bp.post("/notices/<int:copy_id>/read")
@requires("copy.read")
def note_reading(copy_id):
    """The page tells that it was opened, so that the bureau sees who has read (a GET changes nothing)."""
    copy = db.first_or_404(queries.own_copy(current_user, copy_id))
    with unit_of_work():
        signing.note_reading(copy, current_user, now=clock.now())
    return "", 204


@bp.get("/notices/<int:copy_id>/pdf")
@requires("copy.read")
def download_copy(copy_id):
    """The PDF of a unit's copy."""
    copy = db.first_or_404(queries.own_copy(current_user, copy_id))
    response = pdf_response(copy.notice)
    with unit_of_work():
        record("notice.download", object_type="notice_copies", object_id=copy_id)
    return response


@bp.post("/notices/<int:copy_id>/sign")
@requires("copy.sign")
def sign_copy(copy_id):
    """Sign for the unit; a second press shows the same receipt."""
    copy = db.first_or_404(queries.own_copy(current_user, copy_id))
    form = forms.SignForm()
    if copy.receipt is None and not form.validate():
        return _copy_page(copy, form, 422)
    with unit_of_work():
        signing.sign(copy_id, person=current_user, address=request.remote_addr or "", now=clock.now())
    flash(_("Signed for %(unit)s.", unit=copy.unit.name), "ok")
    return after_post(url_for(".show_copy", copy_id=copy_id))
