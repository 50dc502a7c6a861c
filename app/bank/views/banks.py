"""Banks: the list, one bank with its questions, its own words, its questions as text."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.bank import kinds, rules, seals, service
from app.bank.errors import BankNameTaken
from app.bank.forms.banks import BankForm, NewBankForm
from app.bank.forms.questions import LEVEL_WORDS
from app.bank.imports.texts import text_of_bank
from app.bank.models import Question
from app.bank.queries import banks as queries
from app.bank.queries import questions
from app.bank.views import bp
from app.bank.views.loading import get_bank
from app.core import clock, files
from app.core.access import requires
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.pages import after_post, paged, render_page


@bp.get("/banks")
@requires("bank.read")
def list_banks():
    """All banks of the person's units, with what is in them."""
    page = paged(queries.banks_for(current_user))
    ids = [bank.id for bank in page.rows]
    return render_page(
        "bank/list_banks.html", page=page, counts=queries.counts(ids), changes=queries.last_changes(ids), kinds=kinds,
        sealed=seals.sealed_for(current_user, ids, clock.now()),
    )  # fmt: skip


@bp.route("/banks/new", methods=["GET", "POST"])
@requires("bank.write")
def new_bank():
    """Make an empty bank."""
    units = queries.home_units(current_user, "bank.write")
    form = NewBankForm(units)
    if not form.validate_on_submit():
        return render_page("bank/new_bank.html", form=form, units=units, status=422 if form.is_submitted() else 200)
    unit = next(unit for unit in units if unit.id == form.unit_id.data)
    try:
        with unit_of_work():
            bank = service.create_bank(unit, form.name.data, form.description.data or "", author=current_user, now=clock.now())
            bank_id = bank.id
    except BankNameTaken as refusal:
        form.name.errors = [refusal.text]
        return render_page("bank/new_bank.html", form=form, units=queries.home_units(current_user, "bank.write"), status=422)
    return after_post(url_for(".show_bank", bank_id=bank_id))


@bp.route("/banks/<int:bank_id>/edit", methods=["GET", "POST"])
@requires("bank.write")
def edit_bank(bank_id):
    """Change a bank's name and description."""
    bank = get_bank(bank_id, "bank.write")
    form = BankForm(obj=bank)
    if not form.is_submitted():
        form.seen.data = service.stamp_of_bank(bank)
    if not form.validate_on_submit():
        return render_page("bank/edit_bank.html", bank=bank, form=form, status=422 if form.is_submitted() else 200)
    try:
        with unit_of_work():
            bank = get_bank(bank_id, "bank.write")
            service.edit_bank(bank, form.name.data, form.description.data or "", seen=form.seen.data, author=current_user)
    except Stale:
        return _both_wordings(get_bank(bank_id, "bank.write"), form)
    except BankNameTaken as refusal:
        form.name.errors = [refusal.text]
        return render_page("bank/edit_bank.html", bank=get_bank(bank_id, "bank.write"), form=form, status=422)
    return after_post(url_for(".show_bank", bank_id=bank_id))


def _both_wordings(bank, form):
    """Somebody else saved first: show both (R25); saving again replaces theirs."""
    theirs = [
        (form.name.label.text, bank.name, form.name.data),
        (form.description.label.text, bank.description, form.description.data),
    ]
    form.seen.data = service.stamp_of_bank(bank)
    return render_page("bank/edit_bank.html", bank=bank, form=form, theirs=theirs, status=409)


@bp.get("/banks/<int:bank_id>")
@requires("bank.read")
def show_bank(bank_id):
    """The questions of a bank, filtered, with the first of them opened beside the list."""
    bank, narrowed = get_bank(bank_id), questions.Filter.of(request.args)
    page = paged(questions.listed(bank, narrowed))
    first = page.rows[0] if page.rows else None
    can_import = current_user.may_in("bank.import", bank.unit)
    return render_page(
        "bank/show_bank.html", bank=bank, page=page, narrowed=narrowed, counts=questions.counts(bank), kinds=kinds, levels=LEVEL_WORDS,
        states=rules.STATES, topics=queries.topics_of(bank.id), topic_names=queries.topic_names(bank.id), question=first,
        versions=questions.versions_of(first.id) if first else [], imports=queries.open_imports(bank.id, current_user) if can_import else [],
        can_write=current_user.may_in("bank.write", bank.unit), can_review=current_user.may_in("bank.review", bank.unit), can_import=can_import,
    )  # fmt: skip


@bp.get("/banks/<int:bank_id>/export.txt")
@requires("bank.import")
def export_text(bank_id):
    """The filtered questions as plain text that can be imported again; retired ones only when asked for by the filter."""
    bank, narrowed = get_bank(bank_id, "bank.import"), questions.Filter.of(request.args)
    query = questions.listed(bank, narrowed)
    if narrowed.state is None:
        query = query.where(Question.state != rules.RETIRED)
    found = db.session.scalars(query).all()
    text, name = text_of_bank(found), bank.name
    with unit_of_work():
        record("bank.export", actor=current_user, object_type="banks", object_id=bank_id, after={"questions": len(found)})
    return files.download(text.encode(), _("%(name)s questions.txt", name=name), "text/plain; charset=utf-8")
