"""Papers as a whole: the list, a new one, the page of one, its copy."""

import secrets

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.bank import kinds
from app.core import clock, idempotency
from app.core.access import requires
from app.core.db import unit_of_work
from app.core.errors import Stale
from app.core.fields import clean
from app.core.pages import after_post, paged, render_page
from app.papers import checks, headings, presenting, queries, rules, service
from app.papers.forms import NewPaperForm, PaperForm
from app.papers.views import bp
from app.papers.views.loading import get_paper

STATES = ("draft", "frozen")


@bp.get("/papers")
@requires("paper.read")
def list_papers():
    """All papers of the person's units, the newest first."""
    words = clean(request.args.get("q", ""))[:100]
    state = request.args.get("state") if request.args.get("state") in STATES else None
    page = paged(queries.listed(current_user, state=state, words=words))
    sizes = queries.section_sizes([paper for paper in page.rows if paper.state == "draft"])
    return render_page(
        "papers/list_papers.html", page=page, sizes=sizes, q=words, state=state, counts=queries.counts_by_state(current_user)
    )


@bp.get("/papers/new")
@requires("paper.write")
def new_paper():
    """A new paper; `bank_ids` in the address proposes sections from those banks."""
    form = _new_form(formdata=request.args)
    form.deed.data = form.deed.data or secrets.token_urlsafe(16)
    supply = queries.supply_by_kind(_known_banks(form))
    if not form.plan():
        form.propose(supply)
    return render_page("papers/new_paper.html", part="papers/_plan.html", form=form, supply=supply, kinds=kinds)


def _new_form(**kwargs):
    units = queries.home_units(current_user, "paper.write")
    return NewPaperForm(units, queries.banks_for(current_user), **kwargs)


def _known_banks(form):
    """Return those chosen banks that the person may draw from."""
    return [option.value for option in form.bank_ids.choices if option.value in (form.bank_ids.data or ())]


@bp.post("/papers/new")
@requires("paper.write")
def create_paper():
    """Make the paper, with its proposed sections if there are any."""
    form, now = _new_form(), clock.now()
    if not form.validate():
        supply = queries.supply_by_kind(_known_banks(form))
        return render_page("papers/new_paper.html", status=422, form=form, supply=supply, kinds=kinds)
    body = idempotency.digest((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    with unit_of_work():
        outcome = idempotency.finished(current_user.id, request.endpoint, form.deed.data, body)
        if outcome is None:
            unit = next(unit for unit in queries.home_units(current_user, "paper.write") if unit.id == form.unit_id.data)
            paper = service.assemble(
                unit, form.title.data, form.instructions.data, form.bank_ids.data, form.plan(), form.rule.data,
                author=current_user._get_current_object(), now=now,
            )  # fmt: skip
            outcome = url_for(".show_paper", paper_id=paper.id)
            idempotency.finish(current_user.id, request.endpoint, form.deed.data, body, outcome)
    return redirect(outcome, 303)


def render_paper(paper, status=200, form=None, theirs=None):
    """Render the page of a paper, or its editor part for htmx."""
    sections = queries.contents(paper)
    if form is None:
        form = PaperForm(obj=paper, formdata=None)
        form.seen.data = service.stamp_of_paper(paper)
    topic_ids = [topic_id for section in sections if section.draw for topic_id in section.draw.get("topic_ids", ())]
    may_write = current_user.may_in("paper.write", paper.unit)
    return render_page(
        "papers/show_paper.html", part="papers/_editor.html", status=status,
        paper=paper, sections=sections, form=form, theirs=theirs,
        headings=headings.headings(sections), findings=checks.findings(sections),
        total=rules.total((section.count, section.points_each) for section in sections),
        banks={bank.id: bank.name for bank in queries.banks_for(current_user)}, topics=queries.topic_names(topic_ids),
        can_write=may_write and paper.state == "draft", can_copy=may_write,
    )  # fmt: skip


@bp.get("/papers/<int:paper_id>")
@requires("paper.read")
def show_paper(paper_id):
    """A paper with its sections and questions; a draft is edited here."""
    return render_paper(get_paper(paper_id, "paper.read"))


@bp.post("/papers/<int:paper_id>")
@requires("paper.write")
def save_paper(paper_id):
    """Change title and instructions."""
    form = PaperForm()
    if not form.validate():
        return render_paper(get_paper(paper_id, "paper.write"), status=422, form=form)
    try:
        with unit_of_work():
            paper = get_paper(paper_id, "paper.write")
            service.edit_paper(paper, form.title.data, form.instructions.data, seen=form.seen.data)
    except Stale:
        return _both_texts(paper_id, form)
    flash(_("Saved."), "ok")
    return after_post(url_for(".show_paper", paper_id=paper_id))


def _both_texts(paper_id, form):
    """Show what the other person saved beside what was typed; saving again then replaces it knowingly (R25)."""
    paper = get_paper(paper_id, "paper.write")
    form.seen.data = service.stamp_of_paper(paper)
    rows = [(field.label.text, getattr(paper, field.short_name), field.data) for field in (form.title, form.instructions)]
    theirs = {"entry": queries.last_change(paper.id), "rows": rows}
    return render_paper(paper, status=409, form=form, theirs=theirs)


@bp.post("/papers/<int:paper_id>/copy")
@requires("paper.write")
def copy_paper(paper_id):
    """Make a new draft with the same sections; the person has to be allowed to read the one and write the other (R50)."""
    now = clock.now()
    with unit_of_work():
        paper = get_paper(paper_id, "paper.read")
        if not current_user.may_in("paper.write", paper.unit):
            abort(403)
        copy = service.copy_paper(paper, author=current_user._get_current_object(), now=now)
        target = url_for(".show_paper", paper_id=copy.id)
    flash(_("This is the copy. Change its title, then what is in it."), "ok")
    return after_post(target)


@bp.post("/papers/<int:paper_id>/delete")
@requires("paper.write")
def delete_paper(paper_id):
    """Throw a draft away."""
    with unit_of_work():
        paper = get_paper(paper_id, "paper.write")
        title = paper.title
        service.delete_draft(paper)
    flash(_("“%(title)s” was thrown away.", title=title), "ok")
    return after_post(url_for(".list_papers"))


@bp.get("/papers/<int:paper_id>/preview")
@requires("paper.read")
def preview(paper_id):
    """The paper as a taker gets it, drawn by the seed in the address; `key=1` adds the keys for staff."""
    paper = get_paper(paper_id, "paper.read")
    seed = min(max(request.args.get("seed", 1, type=int) or 1, 1), 10**6)
    shuffled = request.args.get("shuffle", "1") != "0"
    with_key = request.args.get("key") == "1"
    drawer = service.Drawer(paper, partial=paper.state == "draft")
    sections = presenting.presented(drawer, seed, shuffled, with_key=with_key)
    return render_page("papers/preview.html", paper=paper, sections=sections, seed=seed, shuffled=shuffled, with_key=with_key)
