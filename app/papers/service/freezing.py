"""Freezing: a last look at everything, then nothing of the paper changes any more (R29)."""

from app.core.audit import record
from app.papers import checks, queries, rules
from app.papers.errors import ChangedSinceSeen, NotReady
from app.papers.service.papers import require_draft


def digest_of(paper, sections=None):
    """Return the digest of all that a freeze fixes: words, settings, versions and pools. Equal before and after freezing."""
    sections = queries.contents(paper) if sections is None else sections
    return rules.digest([paper.title, paper.instructions, [_facts(section) for section in sections]])


def _facts(section):
    questions = section.levels if section.draw else [entry.version_id for entry in section.entries]
    return [section.title, section.kind, rules.plain(section.points_each), section.rule, section.draw, questions]


def freeze_paper(paper, *, seen, now):
    """Freeze a locked draft. `seen`: the digest of what the person looked at. Raises PaperFrozen, NotReady, ChangedSinceSeen."""
    require_draft(paper)
    sections = queries.contents(paper)
    problems = checks.errors(checks.findings(sections))
    if problems:
        raise NotReady(details=[problem.text for problem in problems])
    if digest_of(paper, sections) != seen:
        raise ChangedSinceSeen
    for row, section in zip(paper.sections, sections, strict=True):
        row.pool = section.levels if section.draw else None
    paper.question_count, paper.total_points = rules.total((section.count, section.points_each) for section in sections)
    paper.state, paper.frozen_at, paper.digest = "frozen", now, seen
    record("paper.freeze", paper, after={"questions": paper.question_count, "points": paper.total_points, "digest": seen})
