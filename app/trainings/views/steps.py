"""The spine in words: each step's label, live count and link, as far as the reader may follow it."""

from flask import url_for
from flask_babel import gettext as _

from app.trainings import rules


def spine(training, counts, sittings, person):
    """Return [{"key", "label", "value", "url", "state"}] in order; `url` is None where the reader may not go.

    sittings: those linked to the training. person: the reader.
    """
    states, links = (
        rules.steps(counts),
        _links(training, [row for row in sittings if row.state in ("published", "confirmed")], person),
    )
    return [
        {"key": key, "label": label, "value": value, "url": links.get(key), "state": states[key]}
        for key, label, value in _words(counts)
    ]


def _words(counts):
    none = _("not yet")
    return [
        ("plan", _("Plan"), _("%(num)s agenda items", num=counts.agenda) if counts.agenda else none),
        (
            "roster",
            _("Roster confirmed"),
            _("units %(done)s/%(all)s", done=counts.units_confirmed, all=counts.units) if counts.units else none,
        ),
        (
            "learn",
            _("Learning"),
            _("finished %(done)s/%(all)s", done=counts.finished, all=counts.people) if counts.courses else none,
        ),
        (
            "test",
            _test_label(counts),
            _("handed in %(done)s/%(all)s", done=counts.handed_in, all=counts.due) if counts.sittings else none,
        ),
        (
            "marking",
            _("Being marked"),
            _("marked %(done)s/%(all)s", done=counts.marked, all=counts.handed_in) if counts.handed_in else none,
        ),
        (
            "results",
            _("Confirming the results"),
            _("tests %(done)s/%(all)s", done=counts.confirmed, all=counts.sittings) if counts.sittings else none,
        ),
        ("notices", _("Notices"), _issued(counts) if counts.notices else none),
        ("signing", _("Signing off"), f"{counts.signed}/{counts.to_sign}" if counts.to_sign else none),
    ]


def _test_label(counts):
    return _("%(num)s tests", num=counts.sittings) if counts.sittings > 1 else _("Test")


def _issued(counts):
    if counts.issued == counts.notices:
        return _("issued %(num)s", num=counts.issued)
    return _("issued %(done)s/%(all)s", done=counts.issued, all=counts.notices)


def _links(training, sittings, person):
    own = url_for("trainings.show_training", training_id=training.id)
    links = {
        "plan": f"{own}#agenda",
        "roster": url_for("trainings.show_roster", training_id=training.id, view="units"),
        "learn": f"{own}#courses",
    }
    links["test"] = f"{own}#tests"
    if person.may("sitting.read") and len(sittings) == 1:
        links["test"] = url_for("exams.manage_sitting", sitting_id=sittings[0].id)
    if person.may("result.read") and sittings:
        one = len(sittings) == 1
        links["marking"] = links["results"] = url_for("exams.show_results", sitting_id=sittings[0].id) if one else f"{own}#tests"
    if person.may("notice.read") and any(row.state == "confirmed" for row in sittings):
        links["notices"] = links["signing"] = f"{own}#notices"
    return links
