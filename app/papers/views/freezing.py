"""The second look at a paper, and the freezing itself."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import unit_of_work
from app.core.pages import after_post, render_page
from app.papers import checks, headings, queries, rules, service
from app.papers.errors import ChangedSinceSeen, NotReady
from app.papers.forms import FreezeForm
from app.papers.views import bp
from app.papers.views.loading import get_paper


def render_look(paper, status=200, refusal=None):
    """Render everything that a freeze would fix; the form carries its digest, so that nothing unseen is frozen."""
    sections = queries.contents(paper)
    form = FreezeForm(formdata=None)
    form.seen.data = service.digest_of(paper, sections)
    found = checks.findings(sections)
    return render_page(
        "papers/freeze.html", status=status, paper=paper, sections=sections, form=form, refusal=refusal, findings=found,
        ready=not checks.errors(found), headings=headings.headings(sections),
        total=rules.total((section.count, section.points_each) for section in sections),
        banks={bank.id: bank.name for bank in queries.banks_for(current_user)},
    )  # fmt: skip


@bp.get("/papers/<int:paper_id>/freeze")
@requires("paper.freeze")
def freeze(paper_id):
    """Everything that will be fixed, once more, before it is."""
    paper = get_paper(paper_id, "paper.freeze")
    service.require_draft(paper)
    return render_look(paper)


@bp.post("/papers/<int:paper_id>/freeze")
@requires("paper.freeze")
def freeze_now(paper_id):
    """Freeze the paper as it was looked at. A second click finds it frozen and shows it."""
    form, now = FreezeForm(), clock.now()
    form.validate()
    try:
        with unit_of_work():
            paper = get_paper(paper_id, "paper.freeze")
            if paper.digest is None or paper.digest != form.seen.data:
                service.freeze_paper(paper, seen=form.seen.data, now=now)
    except (ChangedSinceSeen, NotReady) as refusal:
        return render_look(get_paper(paper_id, "paper.freeze"), status=refusal.status, refusal=refusal)
    flash(_("The paper is frozen. It can now be used for a test."), "ok")
    return after_post(url_for(".show_paper", paper_id=paper_id))
