"""What stands against publishing a sitting, and what its planner should know before: one sentence each."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.clock import show_clock, show_time
from app.exams.queries import planning
from app.exams.rules import sittings as rules
from app.papers.checks import ERROR, FINE, WARNING, Finding
from app.papers.rules import plain


def findings(values, paper, meant, left_out, *, now, sitting_id=None):
    """Return all Findings on a plan, the errors first.

    values: the sitting's fields; meant: a select of the ids of the people invited; left_out: names of people who are not, since they
    prepare the test.
    """
    found = [*_paper(paper), *_times(values, now), *_people(values, paper, meant, left_out, sitting_id), *_release(values)]
    return sorted(found, key=lambda finding: (ERROR, WARNING, FINE).index(finding.state))


def _paper(paper):
    if paper is None or paper.state != "frozen":
        return [Finding(ERROR, _("Choose a frozen paper."))]
    return [
        Finding(
            FINE, _("%(count)s questions make %(points)s points.", count=paper.question_count, points=plain(paper.total_points))
        )
    ]


def _times(values, now):
    opens_at, closes_at, minutes = values["opens_at"], values["closes_at"], values["minutes_allowed"]
    if closes_at <= now:
        return [Finding(ERROR, _("The test has ended already: choose a later time."))]
    found = []
    if opens_at <= now:
        found.append(Finding(WARNING, _("The start has passed: people can begin as soon as this is published.")))
    elif opens_at - now < rules.SOON:
        text = _("The test starts at %(time)s, in less than 2 hours. Make sure that people know.", time=show_clock(opens_at))
        found.append(Finding(WARNING, text))
    return found + _cut_short(values, opens_at, closes_at, minutes)


def _cut_short(values, opens_at, closes_at, minutes):
    """The close ends everyone's time: say who has less than the time allowed (R2)."""
    window = rules.minutes_between(opens_at, closes_at)
    last, full_until = values["latest_entry_at"], rules.last_full_start(closes_at, minutes)
    words = {"minutes": minutes, "end": _beside(closes_at, opens_at)}
    if window < minutes:
        text = _(
            "The test is open for %(window)s minutes, less than the %(minutes)s allowed: everyone is handed in at %(end)s.",
            window=window,
            **words,
        )
        return [Finding(WARNING, text)]
    if last <= full_until:
        return [Finding(FINE, _("Everyone has the full %(minutes)s minutes.", minutes=minutes))]
    if last < closes_at:
        text = _(
            "Whoever enters last, at %(entry)s, has %(left)s of the %(minutes)s minutes: all are handed in at %(end)s.",
            entry=_beside(last, opens_at), left=rules.minutes_between(last, closes_at), **words,
        )  # fmt: skip
        return [Finding(WARNING, text)]
    text = _(
        "Whoever enters after %(time)s has less than %(minutes)s minutes: all are handed in at %(end)s.",
        time=_beside(full_until, opens_at),
        **words,
    )
    return [Finding(FINE, text)]


def _beside(moment, other):
    same_day = moment - other < timedelta(days=1) and show_time(moment).split()[0] == show_time(other).split()[0]
    return show_clock(moment) if same_day else show_time(moment)


def _people(values, paper, meant, left_out, sitting_id):
    people, units = planning.size(meant)
    if not people:
        return [Finding(ERROR, _("Nobody is invited yet: choose units, or name people."))]
    found = [Finding(FINE, _("%(people)s people from %(units)s units.", people=people, units=units))]
    if left_out:
        found.append(Finding(WARNING, _("%(names)s prepared this test and cannot sit it.", names="、".join(left_out))))
    found += _named(planning.clashes(meant, values["opens_at"], values["closes_at"], sitting_id), _clash_text)
    if paper is not None:
        found += _named(planning.insiders(meant, paper), _insider_text)
    return found + (
        _named(planning.units_without_liaison(meant), _liaison_text) or [Finding(FINE, _("Every unit has a liaison."))]
    )


def _named(counted, sentence):
    count, names = counted
    return [Finding(WARNING, sentence(count, "、".join(names) + ("…" if count > len(names) else "")))] if count else []


def _clash_text(count, names):
    return ngettext(
        "%(num)s person has another test at the same time: %(names)s.",
        "%(num)s people have another test at the same time: %(names)s.",
        count,
        names=names,
    )


def _insider_text(count, names):
    return ngettext(
        "%(num)s of them can open the paper by their role: %(names)s. It stays closed to them from now on until the end.",
        "%(num)s of them can open the paper by their role: %(names)s. It stays closed to them from now on until the end.",
        count, names=names,
    )  # fmt: skip


def _liaison_text(count, names):
    return ngettext(
        "%(num)s unit has no liaison to receive a notice: %(names)s.",
        "%(num)s units have no liaison to receive a notice: %(names)s.",
        count,
        names=names,
    )


def _release(values):
    """Answers shown while others still sit travel fast."""
    others_sit = values["closes_at"] - values["opens_at"] > timedelta(minutes=values["minutes_allowed"])
    if values["release_answers"] == "handed_in" and others_sit:
        return [Finding(WARNING, _("Whoever hands in early sees their answers with marks while others still sit the test."))]
    return []
