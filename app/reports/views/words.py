"""Counts of the home pages in words, with the link that goes with each."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.reports import rules

TILES = {  # word -> tone and icon of a unit's tile
    "none": ("", "minus"), "before": ("", "calendar"), "sitting": ("wait", "clock"), "all_in": ("ok", "check"), "late": ("late", "triangle-alert"),
    "to_sign": ("wait", "stamp"), "signed": ("ok", "stamp"), "absent": ("warn", "users"), "failed": ("warn", "circle-alert"), "passed": ("ok", "check"), "leave": ("", "minus"),
}  # fmt: skip


def tile(sitting, line, stage, now):
    """Return a unit of the board as `ui.tiles` takes it; `calls`: it needs looking after."""
    word, number = rules.unit_word(line.standing, line.copy, stage, now)
    tone, icon = TILES[word]
    handed = line.standing.due - line.standing.waiting - line.standing.on_leave
    reached = {"before": 0, "open": handed}.get(stage, line.standing.passed)
    return {
        "name": line.unit.label, "url": url_for("exams.show_results", sitting_id=sitting.id, unit=line.unit.id, _anchor="people"), "word": _word(word, number),
        "icon": icon, "tone": tone, "fraction": f"{reached}/{line.standing.due}" if line.standing.due else "", "calls": word in rules.NEEDS_LOOKING,
    }  # fmt: skip


def _word(word, number):
    return {
        "none": _("nobody due"), "before": _("not begun"), "sitting": _("sitting"), "all_in": _("all handed in"), "late": _("Late"), "to_sign": _("to be signed"),
        "signed": _("signed"), "absent": _("absent %(num)s", num=number), "failed": _("failed %(num)s", num=number), "passed": _("passed"), "leave": _("on leave"),
    }[word]  # fmt: skip


def units(taking, all_units):
    """The figure of units that take part."""
    return {"label": _("Units taking part"), "value": taking, "note": _("of %(num)s", num=all_units)}


def people(total, stage):
    """The figure of people: those who handed in while it runs, those who took part after it."""
    if stage in ("before", "open"):
        return {
            "label": _("People handed in"),
            "value": total.due - total.waiting - total.on_leave,
            "note": _("due %(due)s, still to come %(num)s", due=total.due, num=total.waiting),
        }
    return {
        "label": _("People took part"),
        "value": total.took,
        "note": _("due %(due)s, absent %(num)s", due=total.due, num=total.absent),
    }


def signing(copies, now):
    """The figure of notices signed for."""
    late = sum(copy.is_late(now) for copy in copies)
    note = _("of %(all)s, overdue %(num)s", all=len(copies), num=late) if copies else _("no notices yet")
    return {
        "label": _("Notices signed for"),
        "value": sum(copy.signed for copy in copies) if copies else "—",
        "note": note,
        "tone": "err" if late else "",
    }


def without_training(total):
    """The last two figures of a test that belongs to no training."""
    return [
        {"label": _("Failed"), "value": total.failed, "note": _("of %(num)s who took part", num=total.took)},
        {"label": _("On leave"), "value": total.on_leave, "note": _("not counted as absent")},
    ]


def of_training(training, roster, courses, finished):
    """The last two figures of a test that belongs to a training: its roster and its courses."""
    by = _("by %(when)s", when=clock.show_time(training.confirm_by_at)) if training.confirm_by_at else _("units")
    share = f"{finished * 100 // roster.people}%" if courses and roster.people else "—"
    return [
        {"label": _("Rosters confirmed"), "value": f"{roster.confirmed}/{roster.units}", "note": by, "url": url_for("trainings.show_training", training_id=training.id)},
        {"label": _("Courses finished"), "value": share, "note": _("%(done)s of %(all)s people", done=finished, all=roster.people) if courses else _("no course")},
    ]  # fmt: skip


def _ago(moment, now):
    unit, number = rules.since(now - moment)
    if unit == "minutes":
        return ngettext("%(num)s minute", "%(num)s minutes", number)
    return (
        ngettext("%(num)s hour", "%(num)s hours", number) if unit == "hours" else ngettext("%(num)s day", "%(num)s days", number)
    )


TONES = {"disk": "err", "overdue": "err", "failed": "err", "stuck": "warn", "dead_jobs": "err", "confirm": "warn", "draft": "warn", "approve": "warn",
         "issue": "warn", "rosters": "warn", "review": "info", "approve_mine": "info"}  # fmt: skip
ICONS = {
    "confirm": "clipboard-check",
    "draft": "file-pen",
    "approve": "stamp",
    "issue": "stamp",
    "rosters": "users",
    "review": "list-checks",
    "approve_mine": "clock",
}


def matter(found, person, now):
    """Return a Matter as `ui.todo` takes it."""
    title, text = _matter_words(found, now)
    url, act, permission = _matter_link(found)
    may_act = permission is None or person.may(permission)
    return {
        "title": title,
        "text": text,
        "tone": TONES[found.kind],
        "icon": ICONS.get(found.kind),
        "url": url,
        "act": act if may_act else _("Show"),
        "main": may_act and permission is not None,
    }


def _matter_words(found, now):
    names, count = "、".join(found.names), found.count
    since = _ago(found.since, now) if found.since else ""
    return {
        "disk": lambda: (_("The disk is nearly full"), _("%(num)s MB are free. Uploads stop below 200 MB; answers are still taken.", num=count)),
        "overdue": lambda: (ngettext("%(num)s unit has not signed in time", "%(num)s units have not signed in time", count), _("%(names)s; the oldest %(since)s over", names=names, since=since)),
        "failed": lambda: (ngettext("%(num)s e-mail could not be delivered", "%(num)s e-mails could not be delivered", count), _("The inbox in the system has it. Cause: %(cause)s", cause=names or _("unknown"))),
        "stuck": lambda: (ngettext("%(num)s e-mail has been waiting for over 10 minutes", "%(num)s e-mails have been waiting for over 10 minutes", count), _("the oldest for %(since)s", since=since)),
        "dead_jobs": lambda: (ngettext("%(num)s piece of background work was given up", "%(num)s pieces of background work were given up", count), _("Look at the cause, then run it again.")),
        "confirm": lambda: (_("Results to be confirmed"), _("%(title)s, over for %(since)s", title=names, since=since)),
        "draft": lambda: (_("Results confirmed, notices not drafted"), names),
        "approve": lambda: (ngettext("%(num)s notice waits for approval", "%(num)s notices wait for approval", count), names),
        "approve_mine": lambda: (ngettext("%(num)s notice of yours waits for a second person", "%(num)s notices of yours wait for a second person", count), names),
        "issue": lambda: (ngettext("%(num)s notice is approved and waits to be issued", "%(num)s notices are approved and wait to be issued", count), names),
        "rosters": lambda: (ngettext("%(num)s unit has not confirmed its roster", "%(num)s units have not confirmed their roster", count), _("%(title)s, due %(since)s ago", title=names, since=since)),
        "review": lambda: (ngettext("%(num)s question waits for review", "%(num)s questions wait for review", count), names),
    }[found.kind]()  # fmt: skip


def _matter_link(found):
    """Return (address, label of the act, permission that the act needs or None)."""
    where = found.where
    batch = url_for("notices.show_batch", **where) if "source" in where else url_for("notices.list_notices")
    return {
        "disk": lambda: (url_for("reports.show_system"), _("Show"), None),
        "dead_jobs": lambda: (url_for("reports.show_system", _anchor="jobs"), _("Look into it"), "job.read"),
        "overdue": lambda: (batch, _("Remind"), "notice.issue"),
        "failed": lambda: (url_for("notices.list_deliveries", state="failed"), _("Look into it"), "notice.issue"),
        "stuck": lambda: (url_for("notices.list_deliveries", state="queued"), _("Show"), None),
        "confirm": lambda: (url_for("exams.show_results", **where), _("Confirm"), "result.confirm"),
        "draft": lambda: (url_for("exams.new_notices", **where), _("Draft the notices"), "notice.draft"),
        "approve": lambda: (batch, _("Approve them"), "notice.approve"),
        "approve_mine": lambda: (batch, _("Show"), None),
        "issue": lambda: (batch, _("Issue"), "notice.issue"),
        "rosters": lambda: (url_for("trainings.show_roster", view="units", **where), _("Show"), None),
        "review": lambda: (url_for("bank.show_bank", state="review", **where) if where else url_for("bank.list_banks"), _("Review"), "bank.review"),
    }[found.kind]()  # fmt: skip


def event(found, person):
    """Return an Event as `ui.todo` takes it."""
    text = {
        "opens": lambda: ngettext("%(title)s opens, %(num)s person", "%(title)s opens, %(num)s people", found.count, title=found.title),
        "closes": lambda: ngettext("%(title)s closes, %(num)s person", "%(title)s closes, %(num)s people", found.count, title=found.title),
        "sign_by": lambda: ngettext("Time to sign is over; %(num)s unit has not signed", "Time to sign is over; %(num)s units have not signed", found.count),
        "confirm_by": lambda: ngettext("Rosters due for %(title)s; %(num)s unit is missing", "Rosters due for %(title)s; %(num)s units are missing", found.count, title=found.title),
        "training": lambda: ngettext("%(title)s begins, %(num)s person", "%(title)s begins, %(num)s people", found.count, title=found.title),
    }[found.kind]()  # fmt: skip
    urls = {
        "opens": _sitting_url,
        "closes": _sitting_url,
        "sign_by": lambda where, _person: url_for("notices.show_batch", **where),
    }
    url = urls.get(found.kind, lambda where, _person: url_for("trainings.show_training", **where))(found.where, person)
    title = clock.show_date(found.at) if found.kind == "training" else clock.show_time(found.at)
    return {"title": title, "text": text, "icon": "calendar", "url": url}


def _sitting_url(where, person):
    return url_for("exams.manage_sitting", **where) if person.may("sitting.read") else url_for("exams.show_results", **where)
