"""The sections of a draft: their settings, their order, the questions chosen by hand."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.bank.models import Bank
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.fields import clean
from app.core.pages import after_post, paged, render_page
from app.papers import checks, headings, queries, rules, service
from app.papers.errors import NotYourBank
from app.papers.forms import SectionForm
from app.papers.views import bp
from app.papers.views.loading import get_item, get_paper, get_section
from app.papers.views.papers import render_paper

STEPS = {"up": -1, "down": 1}


def _section_form(section=None, typed=None):
    """Return the form with the banks and topics that may be chosen, and those that were; `typed`: values from an address."""
    banks = queries.banks_for(current_user)
    missing = set((section.draw or {}).get("bank_ids", ())) - {bank.id for bank in banks} if section else ()
    banks += db.session.scalars(select(Bank).where(Bank.id.in_(missing))).all() if missing else []
    topics = queries.topics_of([bank.id for bank in banks])
    form = SectionForm(banks, topics, formdata=typed) if typed is not None else SectionForm(banks, topics)
    if section and typed is None and not form.is_submitted():
        form.fill(section)
        form.seen.data = service.stamp_of_section(section)
    return form


def _render_form(paper, form, section=None, status=200, theirs=None):
    values = {"paper": paper, "section": section, "form": form, "theirs": theirs, **_supply(form, paper, section)}
    return render_page("papers/edit_section.html", status=status, **values)


def _supply(form, paper, section):
    """Return what the right column says about the settings as they stand in the form: its heading, what there is to draw."""
    kind, draw, drawn = form.kind.data or form.kind.choices[0].value, form.draw, form.source.data == "drawn"
    counts = queries.supply(kind, draw) if drawn else None
    count = draw["count"] if drawn else len(section.items) if section else 0
    words = (
        form.title.data or rules.SECTION_TITLES[kind],
        count,
        form.points_each.data or 0,
        headings.rule_words(kind, form.chosen_rule),
    )
    heading = rules.heading(section.position if section else len(paper.sections) + 1, *words)
    return {
        "counts": counts,
        "lacks": rules.shortages(draw, counts) if drawn else [],
        "levels": checks.LEVEL_NAMES,
        "heading": heading,
    }


@bp.route("/papers/<int:paper_id>/sections/new", methods=["GET", "POST"])
@requires("paper.write")
def add_section(paper_id):
    """Settings of a new section."""
    form = _section_form()
    if not form.validate_on_submit():
        paper = get_paper(paper_id, "paper.write")
        service.require_draft(paper)
        return _render_form(paper, form, status=422 if form.is_submitted() else 200)
    with unit_of_work():
        paper = get_paper(paper_id, "paper.write")
        section = service.add_section(paper, form.settings(), person=current_user)
        section_id, drawn = section.id, section.drawn
    return redirect(_next_page(paper_id, section_id, drawn), 303)


def _next_page(paper_id, section_id, drawn):
    """A drawn section is done; one of fixed questions goes on to choosing them."""
    if drawn:
        return url_for(".show_paper", paper_id=paper_id, _anchor=f"section-{section_id}")
    return url_for(".pick_questions", paper_id=paper_id, section_id=section_id)


@bp.route("/papers/<int:paper_id>/sections/<int:section_id>", methods=["GET", "POST"])
@requires("paper.write")
def edit_section(paper_id, section_id):
    """Settings of a section."""
    paper = get_paper(paper_id, "paper.write")
    service.require_draft(paper)
    section = get_section(paper, section_id)
    form = _section_form(section)
    if not (form.validate_on_submit() and _keeps_questions(form, section)):
        return _render_form(paper, form, section, status=422 if form.is_submitted() else 200)
    try:
        with unit_of_work():
            section = get_section(get_paper(paper_id, "paper.write"), section_id)
            service.edit_section(section, form.settings(), person=current_user, seen=form.seen.data)
    except Stale:
        return _both_settings(paper_id, section_id, form)
    except NotYourBank as refusal:
        form.bank_ids.errors = [refusal.text]
        return _render_form(get_paper(paper_id, "paper.write"), form, section, status=422)
    return after_post(url_for(".show_paper", paper_id=paper_id, _anchor=f"section-{section_id}"))


def _keeps_questions(form, section):
    """A section with questions chosen by hand keeps its kind and source; say so at the field."""
    if not section.items:
        return True
    words = {"count": len(section.items)}
    if form.source.data == "drawn":
        form.source.errors = [
            _("%(count)s questions were chosen by hand. Take them out first, then let questions be drawn.", **words)
        ]
    elif form.kind.data != section.kind:
        form.kind.errors = [_("%(count)s questions of the old kind are in this section. Take them out first.", **words)]
    else:
        return True
    return False


def _both_settings(paper_id, section_id, form):
    """Show what the other person saved beside what was typed (R25)."""
    paper = get_paper(paper_id, "paper.write")
    section = get_section(paper, section_id)
    form.seen.data = service.stamp_of_section(section)
    theirs = SectionForm([], [], formdata=None)
    theirs.bank_ids.choices, theirs.topics = form.bank_ids.choices, form.topics
    theirs.fill(section)
    rows = [(row[0], row[1], other[1]) for row, other in zip(theirs.shown(), form.shown(), strict=True)]
    return _render_form(paper, form, section, status=409, theirs={"entry": queries.last_change(paper.id), "rows": rows})


@bp.get("/papers/<int:paper_id>/supply")
@requires("paper.write")
def show_supply(paper_id):
    """What there is to draw with the settings in the address: the right column while a section is edited."""
    paper = get_paper(paper_id, "paper.write")
    section_id = request.args.get("section_id", type=int)
    section = get_section(paper, section_id) if section_id else None
    return render_page("papers/_supply.html", **_supply(_section_form(section, request.args), paper, section))


@bp.get("/papers/<int:paper_id>/topics")
@requires("paper.write")
def show_topics(paper_id):
    """The topics of the banks in the address, to choose from."""
    get_paper(paper_id, "paper.write")
    return render_page("papers/_topics.html", form=_section_form(typed=request.args))


@bp.post("/papers/<int:paper_id>/sections/<int:section_id>/change")
@requires("paper.write")
def change_section(paper_id, section_id):
    """Move a section up or down, take it out, or bring its questions to their newest wording."""
    act = request.form.get("act")
    with unit_of_work():
        section = get_section(get_paper(paper_id, "paper.write"), section_id)
        if act in STEPS:
            service.move_section(section, STEPS[act])
        elif act == "renew":
            service.renew_items(section)
        elif act == "remove":
            service.remove_section(section)
    return _after_change(paper_id)


def _after_change(paper_id, anchor=None):
    """Show the paper again: the editor part for htmx, the page for a browser."""
    if request.headers.get("HX-Request"):
        return render_paper(get_paper(paper_id, "paper.write"))
    return redirect(url_for(".show_paper", paper_id=paper_id, _anchor=anchor), 303)


@bp.post("/papers/<int:paper_id>/sections/<int:section_id>/items")
@requires("paper.write")
def change_items(paper_id, section_id):
    """Move one question up or down, or take it out: the pressed button says which (`up`, `down` or `remove`)."""
    act = next((name for name in ("up", "down", "remove") if request.form.get(name, type=int)), None)
    if act:
        with unit_of_work():
            section = get_section(get_paper(paper_id, "paper.write"), section_id)
            item = get_item(section, request.form.get(act, type=int))
            service.remove_item(item) if act == "remove" else service.move_item(item, STEPS[act])
    return _after_change(paper_id, f"section-{section_id}")


@bp.get("/papers/<int:paper_id>/sections/<int:section_id>/questions")
@requires("paper.write")
def pick_questions(paper_id, section_id):
    """Approved questions of the section's kind that are not in the paper yet, to be ticked."""
    paper = get_paper(paper_id, "paper.write")
    service.require_draft(paper)
    section = get_section(paper, section_id)
    chosen = {name: request.args.get(name, type=int) for name in ("bank_id", "topic_id", "level")}
    words = clean(request.args.get("q", ""))[:100]
    banks = queries.banks_for(current_user)
    page = paged(queries.pickable(current_user, section, words=words, **chosen))
    return render_page(
        "papers/pick_questions.html", paper=paper, section=section, page=page, banks=banks, q=words, chosen=chosen,
        topics=queries.topics_of([bank.id for bank in banks if bank.id == chosen["bank_id"]]), levels=checks.LEVEL_NAMES,
    )  # fmt: skip


@bp.post("/papers/<int:paper_id>/sections/<int:section_id>/questions")
@requires("paper.write")
def add_questions(paper_id, section_id):
    """Put the ticked questions into the section."""
    ticked = request.form.getlist("question", type=int)
    if ticked:
        with unit_of_work():
            section = get_section(get_paper(paper_id, "paper.write"), section_id)
            added = service.add_questions(section, ticked, person=current_user)
        flash(ngettext("%(num)s question was added.", "%(num)s questions were added.", added), "ok")
    else:
        flash(_("Tick the questions you want to add."), "warn")
    kept = {name: value for name, value in request.args.items() if name in ("bank_id", "topic_id", "level", "q", "page")}
    return after_post(url_for(".pick_questions", paper_id=paper_id, section_id=section_id, **kept))
