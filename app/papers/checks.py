"""Everything that stands between a draft and its freezing, and what is worth a second look: one sentence each."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.bank import kinds
from app.papers import rules
from app.papers.contents import APPROVED

ERROR, WARNING, FINE = "err", "warn", "ok"
LEVEL_NAMES = {1: _l("easy"), 2: _l("medium"), 3: _l("hard")}


@dataclass(frozen=True)
class Finding:
    """One line of the check: how serious it is, its sentence, and the section it speaks of (None: the whole paper)."""

    state: str
    text: str
    section_id: int | None = None


def findings(sections):
    """Return all Findings on a paper's contents, the errors first."""
    found = [*_whole(sections), *_twins(sections), *_shortages(sections)]
    for section in sections:
        found += [*_settings(section), *_questions(section)]
    if not any(finding.state == ERROR for finding in found):
        found.append(Finding(FINE, _("Every question is approved and in its newest wording.")))
    return sorted(found, key=lambda finding: (ERROR, WARNING, FINE).index(finding.state))


def errors(found):
    """Return only the Findings that forbid freezing."""
    return [finding for finding in found if finding.state == ERROR]


def _whole(sections):
    count, points = rules.total((section.count, section.points_each) for section in sections)
    if not sections:
        return [Finding(ERROR, _("The paper has no section yet."))]
    if count > rules.MOST_QUESTIONS:
        text = _("The paper has %(count)s questions; at most %(most)s are possible.", count=count, most=rules.MOST_QUESTIONS)
        return [Finding(ERROR, text)]
    words = {"count": count, "points": rules.plain(points)}
    if points != rules.USUAL_TOTAL:
        return [Finding(WARNING, _("%(count)s questions make %(points)s points, not 100.", **words))]
    return [Finding(FINE, _("%(count)s questions make %(points)s points.", **words))]


def _settings(section):
    name = numbered(section)
    if section.count == 0:
        yield Finding(ERROR, _("Section %(name)s has no question yet.", name=name), section.id)
    if section.points_each <= 0:
        yield Finding(ERROR, _("Section %(name)s: points per question must be more than 0.", name=name), section.id)
    elif section.kind == "multiple_choice":
        yield from _rule(section, name)


def _rule(section, name):
    """A rule that could give more than the full mark is refused (architecture §4)."""
    largest = max((entry.key_size for entry in (*section.entries, *section.pool)), default=0)
    try:
        kinds.check_rule(section.rule, section.points_each, largest)
    except kinds.RuleRefused as refused:
        if refused.code == "rule_above_full":
            text = _(
                "Section %(name)s: %(each)s points for each of %(count)s right options is more than the full mark of %(full)s.",
                name=name, each=rules.plain(refused.params["points"]), count=largest, full=rules.plain(section.points_each),
            )  # fmt: skip
        else:
            text = _("Section %(name)s: choose how several right options are marked.", name=name)
        yield Finding(ERROR, text, section.id)


def _questions(section):
    """Questions that may not stand in a paper: of another kind, not approved, edited since they were put in."""
    name = numbered(section)
    places = list(enumerate(section.entries, 1))
    strange = [place for place, entry in places if entry.kind != section.kind]
    waiting = [place for place, entry in places if entry.state == "review"]
    retired = [place for place, entry in places if entry.state not in (APPROVED, "review")]
    old = [place for place, entry in places if entry.is_outdated]
    sentences = (
        (strange, _l("Section %(name)s: question %(places)s is of another kind than the section.")),
        (waiting, _l("Section %(name)s: question %(places)s waits for its review.")),
        (retired, _l("Section %(name)s: question %(places)s is no longer in use.")),
        (old, _l("Section %(name)s: question %(places)s has been edited since; take the newest wording.")),
    )
    return [Finding(ERROR, str(text) % {"name": name, "places": listed(wrong)}, section.id) for wrong, text in sentences if wrong]


def _twins(sections):
    """The same question twice, or two with the same words, among the fixed ones."""
    seen, found = {}, []
    for section in sections:
        for place, entry in enumerate(section.entries, 1):
            first = seen.setdefault(entry.twin, (section, place))
            if first != (section, place):
                words = {"first": placed(*first), "second": placed(section, place)}
                found.append(
                    Finding(ERROR, _("Questions %(first)s and %(second)s are the same; remove one.", **words), section.id)
                )
    return found


def _shortages(sections):
    """Too few questions to draw, after those that stand elsewhere in the paper and those that another draw may take."""
    drawn = {section.id: section for section in sections if section.draw}
    left = rules.left_over(
        {key: section.draw for key, section in drawn.items()}, {key: section.levels for key, section in drawn.items()}
    )
    for key, section in drawn.items():
        shared = sum(section.supply.values()) - sum(left[key].values())
        for shortage in rules.shortages(section.draw, left[key]):
            yield Finding(ERROR, _shortage_text(section, shortage) + _why_fewer(section, shared), section.id)
        if section.set_aside and not rules.shortages(section.draw, left[key]):
            text = ngettext(
                "Section %(name)s: %(num)s question stands in the paper already and is not drawn again.",
                "Section %(name)s: %(num)s questions stand in the paper already and are not drawn again.",
                section.set_aside, name=numbered(section),
            )  # fmt: skip
            yield Finding(FINE, text, section.id)


def _shortage_text(section, shortage):
    words = {"name": numbered(section), "needed": shortage.needed, "available": shortage.available}
    if shortage.level is None:
        return _("Section %(name)s needs %(needed)s questions, but there are only %(available)s.", **words)
    level = LEVEL_NAMES[shortage.level]
    return _("Section %(name)s needs %(needed)s %(level)s questions, but there are only %(available)s.", level=level, **words)


def _why_fewer(section, shared):
    notes = []
    if section.set_aside:
        notes.append(_("%(count)s more stand in the paper already.", count=section.set_aside))
    if shared:
        notes.append(_("%(count)s more may be drawn by another section.", count=shared))
    return "".join(notes)


def numbered(section):
    """Return how people call a section: 一、单项选择题."""
    return f"{rules.numeral(section.index)}、{section.title}" if section.index < 100 else section.title


def placed(section, place):
    """Return how people call a question of a paper: 一（3）."""
    return f"{rules.numeral(section.index)}（{place}）"


def listed(places, most=10):
    """Return 1、2、5; a long list ends with …."""
    return "、".join(map(str, places[:most])) + ("…" if len(places) > most else "")
