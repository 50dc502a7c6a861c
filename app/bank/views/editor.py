"""The editor of a question: a plain form; scripts add the preview while typing, and keys."""

import secrets

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.bank import kinds, lint, rules, service
from app.bank.errors import NotSound
from app.bank.forms.questions import LEVEL_WORDS, QuestionForm
from app.bank.kinds import order
from app.bank.kinds.fill_blank import blank_count
from app.bank.models import Question
from app.bank.queries import banks, likeness, questions
from app.bank.views import bp
from app.bank.views.loading import get_bank, get_question
from app.core import clock, idempotency
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.pages import render_page

SAMPLE_POINTS = 2  # in the preview; the real ones are the paper's


@bp.route("/banks/<int:bank_id>/questions/new", methods=["GET", "POST"])
@requires("bank.write")
def new_question(bank_id):
    """Write a new question; the address may name its kind, topic and source."""
    bank, form = get_bank(bank_id, "bank.write"), QuestionForm()
    if not form.is_submitted():
        kind = request.args.get("kind")
        form.start(
            kind if kind in kinds.NAMES else kinds.NAMES[0],
            request.args.get("topic", "")[:100],
            request.args.get("source", "")[:1000],
        )
        form.deed.data = secrets.token_urlsafe(16)
        return _editor(bank, form)
    if request.form.get("act") or not form.validate():
        return _typed_again(bank, form)
    sent = idempotency.digest(request.form.items(multi=True))
    try:
        with unit_of_work():
            question_id = idempotency.finished(current_user.id, request.endpoint, form.deed.data, sent)
            if question_id is None:
                question_id = service.create_question(
                    get_bank(bank_id, "bank.write"), form.draft(), author=current_user, now=clock.now()
                ).id
                idempotency.finish(current_user.id, request.endpoint, form.deed.data, sent, str(question_id))
    except NotSound as refusal:
        return _editor(get_bank(bank_id, "bank.write"), form, wrong=refusal.details, status=422)
    return _saved(db.session.get(Question, int(question_id)), form)


@bp.route("/questions/<int:question_id>/edit", methods=["GET", "POST"])
@requires("bank.write")
def edit_question(question_id):
    """Change a question; new words become its next version."""
    question, form = get_question(question_id, "bank.write"), QuestionForm()
    if not form.is_submitted():
        form.fill(question, question.current)
        return _editor(question.bank, form, question)
    if request.form.get("act") or not form.validate():
        return _typed_again(question.bank, form, question)
    try:
        with unit_of_work():
            question = get_question(question_id, "bank.write")
            service.edit_question(question, form.draft(), seen=_seen(form), author=current_user, now=clock.now())
    except Stale:
        return _both_versions(question_id, form)
    except NotSound as refusal:
        question = get_question(question_id, "bank.write")
        return _editor(question.bank, form, question, wrong=refusal.details, status=422)
    return _saved(get_question(question_id, "bank.write"), form)


@bp.post("/banks/<int:bank_id>/questions/preview")
@requires("bank.write")
def preview_question(bank_id):
    """The question as typed so far: as its taker will see it, and what there is to say about it. Stores nothing."""
    bank, form = get_bank(bank_id, "bank.write"), QuestionForm()
    if form.kind.data not in kinds.NAMES:
        form.kind.data = kinds.NAMES[0]
    return render_page("bank/_preview.html", form=form, **_looked_at(bank, form, request.args.get("question", type=int)))


def _typed_again(bank, form, question=None):
    """A button that only rearranges the form, or a field that is wrong: what was typed is shown again."""
    if form.kind.data not in kinds.NAMES:
        form.kind.data = kinds.NAMES[0]
    act = request.form.get("act", "")
    if act:
        form.apply(act)
    return _editor(bank, form, question, status=200 if act else 422)


def _editor(bank, form, question=None, *, wrong=(), theirs=None, status=200):
    form.even_out()
    return render_page(
        "bank/edit_question.html", bank=bank, form=form, question=question, wrong=wrong, theirs=theirs, status=status, letters=rules.LETTERS,
        topic_names=banks.topic_names(bank.id), neighbours=questions.neighbours(question) if question else (None, None),
        **_looked_at(bank, form, question.id if question else None),
    )  # fmt: skip


def _seen(form):
    return int(form.seen.data) if (form.seen.data or "").isdecimal() else None


def _both_versions(question_id, form):
    """Somebody else saved first: both texts, side by side; saving again makes this one the next version (R25)."""
    question = get_question(question_id, "bank.write")
    mine = rules.parts(form.kind.data, form.body(), form.source.data or "")
    saved = rules.parts(question.current.kind, question.current.body, question.current.source)
    newest = questions.versions_of(question.id)[0]
    by_version = (
        newest.created_by is not None and newest.created_at == question.updated_at
    )  # else topic, difficulty or state changed
    rows = [*_settings_side_by_side(question, form), *rules.side_by_side(saved, mine)]
    theirs = {"rows": rows, "name": newest.created_by.name if by_version else "", "at": question.updated_at}
    form.seen.data = str(question.version)
    return _editor(question.bank, form, question, theirs=theirs, status=409)


def _settings_side_by_side(question, form):
    """Return [(name, saved, typed)] of kind, topic and difficulty where they differ."""
    topic = question.topic.name if question.topic else ""
    rows = [
        ("kind", kinds.get(question.kind).label, kinds.get(form.kind.data).label),
        ("topic", topic, form.topic.data or ""),
        ("level", LEVEL_WORDS[question.difficulty], LEVEL_WORDS.get(form.level.data, "")),
    ]
    return [(name, str(saved), str(typed)) for name, saved, typed in rows if str(saved) != str(typed)]


def _looked_at(bank, form, question_id):
    """Return what the right column shows of the form as it stands."""
    kind, body = form.kind.data, form.body()
    like = (
        likeness.index_of(bank.id).most_like(rules.search_text(body), at_least=1, leave_out=question_id)
        if body["stem"].strip()
        else None
    )
    return {
        "findings": lint.findings(kind, body, form.source.data or ""), "like": like, "is_like": like is not None and like.percent >= likeness.LIKE,
        "item": _shown(kind, body), "levels": LEVEL_WORDS, "spoken": kind == "multiple_choice" and order.speaks_of_letters(body),
        "keys": _shown_key(kind, body),
    }  # fmt: skip


def _shown(kind, body):
    """Return the question as templates/exams/_item.html takes it, whatever is still missing in it."""
    shown = kinds.get(kind).presented({**body, "key": body["key"] or [[]]}, 0, shuffle=False)
    blanks = max(blank_count(body["stem"]), 1) if kind == "fill_blank" else 0
    return shown | {"version_id": 0, "kind_label": kinds.get(kind).label, "points": SAMPLE_POINTS, "blanks": blanks}


def _shown_key(kind, body):
    return [answers[0] if answers else "" for answers in body["key"]] if kind == "fill_blank" else body["key"]


def _saved(question, form):
    """After saving: the question's page, or the next empty form with the same topic and source."""
    flash(
        _(
            "Question %(number)s is saved as version %(version)s.",
            number=f"{question.number:04}",
            version=question.current.number,
        ),
        "ok",
    )
    if request.form.get("after") == "new":
        kept = {"kind": form.kind.data, "topic": form.topic.data or None, "source": form.source.data or None}
        return redirect(url_for(".new_question", bank_id=question.bank_id, **kept), 303)
    return redirect(url_for(".show_question", question_id=question.id), 303)
