"""The plan of a training: its head and its agenda."""

from datetime import timedelta

from app.core import clock
from app.core.audit import record
from app.core.db import db
from app.core.errors import Stale
from app.trainings import errors
from app.trainings.models import AgendaItem, Training

HEAD = ("title", "starts_on", "ends_on", "place", "summary", "confirm_by_at")


def create_training(unit, *, title, starts_on, ends_on, place="", summary="", confirm_by_at=None, person, now):
    """Plan a training held by `unit` from `starts_on` to `ends_on` (dates, both included); return the Training.

    confirm_by_at: until when units are asked to confirm their roster; None: no time is named.
    """
    training = Training(
        unit_id=unit.id, title=title, starts_on=starts_on, ends_on=ends_on, place=place, summary=summary, state="planned",
        confirm_by_at=confirm_by_at, created_by_id=person.id, created_at=now,
    )  # fmt: skip
    db.session.add(training)
    db.session.flush()
    record("training.create", training, title=title, starts_on=starts_on, ends_on=ends_on)
    return training


def change_training(training, values, *, version=None):
    """Change the head: `values` by name (title, starts_on, ends_on, place, summary, confirm_by_at).

    version: the one the editor saw. Raises Stale, TrainingClosed, AgendaLeftOut.
    """
    refuse_closed(training)
    if version is not None and version != training.version:
        raise Stale
    first, last = _span(values["starts_on"], values["ends_on"])
    outside = [item for item in training.agenda if not first <= item.starts_at <= item.ends_at <= last]
    if outside:
        raise errors.AgendaLeftOut(details=[f"{clock.show_time(item.starts_at)} {item.title}" for item in outside])
    before = {name: getattr(training, name) for name in HEAD}
    for name in HEAD:
        setattr(training, name, values[name])
    record("training.change", training, before=before, after={name: values[name] for name in HEAD})


def close_training(training):
    """Put a finished training away: nothing in it changes any more and no unit is asked. Closing twice is harmless."""
    if training.state != "closed":
        training.state = "closed"
        record("training.close", training)


def reopen_training(training):
    """Take a closed training up again."""
    if training.state == "closed":
        training.state = "planned"
        record("training.reopen", training)


def refuse_closed(training):
    """Raise TrainingClosed when it is."""
    if training.state == "closed":
        raise errors.TrainingClosed


def add_agenda_item(training, *, title, starts_at, ends_at, speaker="", place=""):
    """Add a line to the agenda; return the AgendaItem. Raises OutsideDays, TrainingClosed."""
    refuse_closed(training)
    _check_days(training, starts_at, ends_at)
    item = AgendaItem(training_id=training.id, title=title, starts_at=starts_at, ends_at=ends_at, speaker=speaker, place=place)
    db.session.add(item)
    db.session.flush()
    record("training.agenda", training, added=title, starts_at=starts_at)
    return item


def change_agenda_item(training, item, *, title, starts_at, ends_at, speaker, place):
    """Change a line of the agenda. Raises OutsideDays, TrainingClosed."""
    refuse_closed(training)
    _check_days(training, starts_at, ends_at)
    before = {"title": item.title, "starts_at": item.starts_at}
    item.title, item.starts_at, item.ends_at, item.speaker, item.place = title, starts_at, ends_at, speaker, place
    record("training.agenda", training, before=before, after={"title": title, "starts_at": starts_at})


def remove_agenda_item(training, item):
    """Take a line off the agenda. Raises TrainingClosed."""
    refuse_closed(training)
    record("training.agenda", training, removed=item.title, starts_at=item.starts_at)
    db.session.delete(item)


def _span(starts_on, ends_on):
    """Return the instants at which the days begin and end, in Shanghai."""
    return clock.day_start(starts_on), clock.day_start(ends_on + timedelta(days=1))


def _check_days(training, starts_at, ends_at):
    first, last = _span(training.starts_on, training.ends_on)
    if not (first <= starts_at and ends_at <= last):
        raise errors.OutsideDays(first=clock.show_date(training.starts_on), last=clock.show_date(training.ends_on))
