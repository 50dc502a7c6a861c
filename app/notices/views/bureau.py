"""The bureau's side: batches, approving, issuing, withdrawing, deliveries."""

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, files, jobs
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.pages import after_post, paged, render_page
from app.notices import forms, queries
from app.notices.document.content import Document
from app.notices.errors import Unsound
from app.notices.models import Delivery, Notice, NoticeCopy
from app.notices.service import delivery, drafting, issuing
from app.notices.views import bp
from app.people.reauth import confirmed


@bp.get("/admin/notices")
@requires("notice.read")
def list_notices():
    """All batches of notices, newest first."""
    return render_page("notices/list_notices.html", page=paged(queries.batches(current_user), scalars=False), now=clock.now())


@bp.get("/admin/notices/batch")
@requires("notice.read")
def show_batch():
    """One batch: its notices, what happened to each copy, and the next act."""
    source = request.args.get("source", "")
    notices = queries.batch(current_user, source)
    if not notices:
        abort(404)
    making = any(notice.state == "numbered" for notice in notices)
    return render_page(
        "notices/show_batch.html", part="notices/_batch.html", notices=notices, ways=queries.ways(notices), source=source, making=making,
        form=forms.BatchForm(source=source), back=forms.SendBackForm(source=source), now=clock.now(), state=_state(notices), job=_making_job(source),
    )  # fmt: skip


def _state(notices):
    """The state that decides what can be done next: the earliest of the batch."""
    order = ["draft", "approved", "numbered", "issued", "withdrawn"]
    return min((notice.state for notice in notices), key=order.index)


def _making_job(source):
    query = db.select(jobs.Job).where(
        jobs.Job.kind == "notices.make", jobs.Job.key.startswith(f"notices.make:{source}:", autoescape=True)
    )
    return db.session.scalars(query.order_by(jobs.Job.id.desc()).limit(1)).one_or_none()


def _source_in_scope(form):
    """Return the batch's source, or 404 when the person may not know of it."""
    if not form.validate() or not queries.batch(current_user, form.source.data):
        abort(404)
    return form.source.data


@bp.post("/admin/notices/approve")
@requires("notice.approve")
def approve_batch():
    """A second person approves all drafts of a batch."""
    source = _source_in_scope(forms.BatchForm())
    with unit_of_work():
        count = drafting.approve(source, person=current_user, now=clock.now())
    flash(ngettext("%(num)s notice approved.", "%(num)s notices approved.", count), "ok")
    return after_post(url_for(".show_batch", source=source))


@bp.post("/admin/notices/send-back")
@requires("notice.approve")
def send_back_batch():
    """Approved notices become drafts again."""
    form = forms.SendBackForm()
    source = _source_in_scope(form)
    with unit_of_work():
        drafting.send_back(source, person=current_user, reason=form.reason.data, now=clock.now())
    flash(_("The notices are drafts again."), "ok")
    return after_post(url_for(".show_batch", source=source))


@bp.post("/admin/notices/issue")
@requires("notice.issue")
@confirmed
def issue_batch():
    """Number and issue all approved notices of a batch."""
    source = _source_in_scope(forms.BatchForm())
    with unit_of_work():
        issuing.issue(source, person=current_user, now=clock.now())
    flash(_("The notices are numbered and are being made and sent."), "ok")
    return after_post(url_for(".show_batch", source=source))


@bp.get("/admin/notices/<int:notice_id>")
@requires("notice.read")
def show_notice(notice_id):
    """One notice as it is read, with what happened to its copies."""
    notice = db.first_or_404(queries.notice(current_user, notice_id))
    return render_page(
        "notices/show_notice.html",
        notice=notice,
        document=shown_document(notice),
        ways=queries.ways([notice]),
        form=forms.ReasonForm(),
        now=clock.now(),
    )


def shown_document(notice):
    """Return the Document of a notice with the watermark of its state."""
    from dataclasses import replace

    document = Document.from_json(notice.document)
    marks = {"withdrawn": "已撤回", "draft": "草稿", "approved": "草稿"}
    return replace(
        document, watermark=marks.get(notice.state, ""), state="withdrawn" if notice.state == "withdrawn" else document.state
    )


@bp.get("/admin/notices/<int:notice_id>/pdf")
@requires("notice.read")
def download_notice(notice_id):
    """The PDF: the stored one once issued, a marked draft before."""
    return pdf_response(db.first_or_404(queries.notice(current_user, notice_id)))


def pdf_response(notice):
    """Hand out the stored PDF after checking its digest (R33); draw a draft or a withdrawn notice with its watermark."""
    name = f"{notice.document['number_text'] or notice.title}.pdf"
    if notice.state == "issued":
        try:
            data = notice.pdf.read()
        except (ValueError, OSError):
            raise Unsound from None
        if notice.pdf.sha256 != notice.pdf_digest:
            raise Unsound
        return files.download(data, name, "application/pdf")
    from app.notices.document.pdf import notice_pdf

    document, moment = shown_document(notice), notice.withdrawn_at or notice.issued_at or notice.drafted_at
    return files.download(notice_pdf(document, timestamp=moment), name, "application/pdf")


@bp.post("/admin/notices/<int:notice_id>/withdraw")
@requires("notice.approve")
@confirmed
def withdraw_notice(notice_id):
    """Withdraw an issued notice, for a reason its readers see."""
    notice = db.first_or_404(queries.notice(current_user, notice_id))
    form = forms.ReasonForm()
    if not form.validate():
        return render_page(
            "notices/show_notice.html",
            status=422,
            notice=notice,
            document=shown_document(notice),
            ways=queries.ways([notice]),
            form=form,
            now=clock.now(),
        )
    with unit_of_work():
        issuing.withdraw(db.session.get(Notice, notice_id), person=current_user, reason=form.reason.data, now=clock.now())
    flash(_("The notice is withdrawn. Its readers see it with the reason."), "ok")
    return after_post(url_for(".show_notice", notice_id=notice_id))


@bp.post("/admin/notices/copies/<int:copy_id>/remind")
@requires("notice.issue")
def remind_copy(copy_id):
    """Send a reminder for one unsigned copy now."""
    copy = db.first_or_404(db.select(NoticeCopy).where(NoticeCopy.id == copy_id))
    source = db.first_or_404(queries.notice(current_user, copy.notice_id)).source
    with unit_of_work():
        sent = delivery.remind(db.session.get(NoticeCopy, copy_id), actor=current_user, now=clock.now())
    flash(_("Reminder sent.") if sent else _("It has been signed for meanwhile."), "ok")
    return after_post(url_for(".show_batch", source=source))


@bp.get("/admin/deliveries")
@requires("notice.read")
def list_deliveries():
    """E-mails to readers, failures first, with their cause."""
    state = request.args.get("state") if request.args.get("state") in {"failed", "queued", "sent"} else None
    return render_page("notices/list_deliveries.html", page=paged(queries.deliveries(current_user, state)), state=state)


@bp.post("/admin/deliveries/<int:delivery_id>/retry")
@requires("notice.issue")
def retry_delivery(delivery_id):
    """Send a failed e-mail again."""
    query = queries.deliveries(current_user, "failed").where(Delivery.id == delivery_id)
    db.first_or_404(query)
    with unit_of_work():
        delivery.retry(db.session.get(Delivery, delivery_id), now=clock.now())
    flash(_("It is being sent again."), "ok")
    return after_post(url_for(".list_deliveries"))
