"""One question with its versions, and acts on several at once."""

from itertools import pairwise

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.bank import kinds, rules, service
from app.bank.errors import NothingChosen, OwnQuestion, TooManyChosen
from app.bank.forms.questions import LEVEL_WORDS
from app.bank.queries import banks, questions
from app.bank.views import bp
from app.bank.views.loading import get_bank, get_question
from app.core import clock
from app.core.access import requires
from app.core.db import unit_of_work
from app.core.fields import clean
from app.core.pages import after_post, own_path, render_page

LEVEL_ACTS = {f"level-{level}": level for level in rules.LEVELS}


@bp.get("/questions/<int:question_id>")
@requires("bank.read")
def show_question(question_id):
    """A question with its key, its source and all its versions; the part is what the list shows beside itself."""
    question = get_question(question_id)
    versions = questions.versions_of(question.id)
    return render_page(
        "bank/show_question.html", part="bank/_peek.html", question=question, bank=question.bank, versions=versions, kinds=kinds,
        steps=_steps(versions), neighbours=questions.neighbours(question), levels=LEVEL_WORDS,
        can_write=current_user.may_in("bank.write", question.bank.unit), can_review=current_user.may_in("bank.review", question.bank.unit),
        topic_names=banks.topic_names(question.bank_id),
    )  # fmt: skip


def _steps(versions):
    """Return {version id: what changed against the one before}, see rules.changes; the first version has none."""
    return {new.id: [*_kind_step(old, new), *rules.changes(_parts(old), _parts(new))] for new, old in pairwise(versions)}


def _parts(version):
    return rules.parts(version.kind, version.body, version.source)


def _kind_step(old, new):
    if old.kind == new.kind:
        return []
    return [("kind", [("out", str(kinds.get(old.kind).label)), ("in", str(kinds.get(new.kind).label))])]


@bp.post("/banks/<int:bank_id>/questions")
@requires("bank.write", "bank.review")
def change_questions(bank_id):
    """Approve, retire, sort the ticked questions; then back to the list as it was."""
    act, ids = request.form.get("act", ""), request.form.getlist("id", type=int)
    permission = "bank.review" if act in ("approve", "retire") else "bank.write"
    bank = get_bank(bank_id, permission)
    back = own_path(request.form.get("next"), url_for(".show_bank", bank_id=bank.id))
    try:
        with unit_of_work():
            words = _change(act, bank_id, permission, ids, now=clock.now())
    except (NothingChosen, TooManyChosen, OwnQuestion) as refusal:
        flash(refusal.text, "warn")
        return after_post(back)
    flash(*words)
    return after_post(back)


def _change(act, bank_id, permission, ids, *, now):
    """Do one act in the present unit of work; return the words to show and their tone."""
    chosen = questions.chosen(current_user, permission, bank_id, ids[: rules.MOST_AT_ONCE])
    if act == "approve":
        return _approved(service.approve(chosen, reviewer=current_user, now=now))
    if act == "retire":
        done = service.retire(chosen, author=current_user, now=now)
        return ngettext(
            "%(num)s question is retired. Papers that hold it keep it.",
            "%(num)s questions are retired. Papers that hold them keep them.",
            done.changed,
        ), "ok"
    if act in LEVEL_ACTS:
        done = service.set_level(chosen, LEVEL_ACTS[act], author=current_user, now=now)
        return ngettext(
            "%(num)s question has this difficulty now.", "%(num)s questions have this difficulty now.", done.changed
        ), "ok"
    topic = clean(request.form.get("topic", ""))[: rules.TOPIC_LONGEST]
    if act != "topic" or not topic:
        return _("Nothing was changed: write the topic first."), "warn"
    done = service.set_topic(chosen, topic, author=current_user, now=now)
    return ngettext(
        "%(num)s question is under “%(topic)s” now.", "%(num)s questions are under “%(topic)s” now.", done.changed, topic=topic
    ), "ok"


def _approved(done):
    if done.own and not done.changed:
        raise OwnQuestion
    words = ngettext("%(num)s question can be used for tests now.", "%(num)s questions can be used for tests now.", done.changed)
    if not done.own:
        return words, "ok"
    left = ngettext(
        "%(num)s was written by you and waits for somebody else.",
        "%(num)s were written by you and wait for somebody else.",
        done.own,
    )
    return _("%(first)s %(second)s", first=words, second=left), "warn"
