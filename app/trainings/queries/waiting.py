"""What waits for a unit's liaison: rosters to confirm."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import db
from app.people.models import Unit
from app.people.scope import under
from app.trainings.models import Participant, RosterConfirmation, Training
from app.trainings.queries.trainings import groups_of
from app.trainings.rules import group_of


def to_confirm(person, today):
    """Return [(Training, Unit)]: rosters of coming and running trainings that the person's units have not confirmed, the next first."""
    paths = person.scope_paths("training.confirm")
    ours = (
        select(Participant.training_id, Unit.path)
        .join(Unit, Unit.id == Participant.unit_id)
        .join(Training, Training.id == Participant.training_id)
    )
    rows = db.session.execute(
        ours.where(under(Unit.path, paths), Training.state == "planned", Training.ends_on >= today).distinct()
    ).all()
    if not rows:
        return []
    wanted = {row.training_id for row in rows}
    trainings = db.session.scalars(
        select(Training)
        .where(Training.id.in_(wanted))
        .options(joinedload(Training.unit))
        .order_by(Training.starts_on, Training.id)
    ).all()
    groups = groups_of(trainings)
    done = set(
        db.session.execute(
            select(RosterConfirmation.training_id, RosterConfirmation.unit_id).where(RosterConfirmation.training_id.in_(wanted))
        )
    )
    open_ones = {(row.training_id, group_of(row.path, groups[row.training_id])) for row in rows} - done
    found = []
    for training in trainings:
        units = [
            unit
            for unit_id, unit in groups[training.id].items()
            if (training.id, unit_id) in open_ones and any(unit.path.startswith(path) for path in paths)
        ]
        found += [(training, unit) for unit in sorted(units, key=lambda unit: (unit.sort, unit.id))]
    return found


def rosters(person):
    """How many rosters wait for the person's confirmation, for the number beside the menu's entry."""
    return len(to_confirm(person, clock.today()))
