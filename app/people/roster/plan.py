"""The plan of a roster: everything that would be done, everything that is wrong, and a digest so that only what was shown is done."""

import hashlib
import json
from dataclasses import asdict, dataclass

from app.people.roster.people import plan_people
from app.people.roster.units import plan_units


@dataclass
class Plan:
    """What a roster would do. Lists hold NewUnit, UnitChange, NewPerson, PersonChange and Problem."""

    units_added: list
    units_changed: list
    people_added: list
    people_changed: list
    unchanged: int
    problems: list
    rows: int
    fields: list
    ignored: list

    @property
    def bad_rows(self):
        """How many rows are left out because something is wrong with them."""
        return len({problem.row for problem in self.problems})

    @property
    def counts(self):
        """How many of each kind of line, for the head of the dry run."""
        kinds = [change.kind for change in self.people_changed]
        return {
            "rows": self.rows, "bad": self.bad_rows, "unit_add": len(self.units_added), "unit_change": len(self.units_changed), "add": len(self.people_added),
            "change": kinds.count("change"), "move": kinds.count("move"), "deactivate": kinds.count("deactivate"), "unchanged": self.unchanged,
        }  # fmt: skip

    @property
    def has_work(self):
        """True when applying it would change anything."""
        return bool(self.units_added or self.units_changed or self.people_added or self.people_changed)

    @property
    def digest(self):
        """A digest of all that would be done: two plans with the same one do the same."""
        work = [
            [asdict(one) for one in part]
            for part in (self.units_added, self.units_changed, self.people_added, self.people_changed)
        ]
        return hashlib.sha256(json.dumps(work, sort_keys=True, default=sorted).encode()).hexdigest()


def make_plan(table, rows, problems, stored, *, deactivate_missing=False):
    """Return the Plan of understood rows against what is stored. Pure.

    table: the Table they come from. problems: what `understand` found. A row with any problem is left out as a whole.
    """
    bad = {problem.row for problem in problems}
    units = plan_units([row for row in rows if row.number not in bad], stored)
    refused = bad | {problem.row for problem in units.problems}
    people = plan_people(rows, units.unit_of, stored, refused, deactivate_missing=deactivate_missing)
    refused |= {problem.row for problem in people.problems}
    used = _used_units(units, refused)
    additions = [unit for unit in units.additions if unit.code in used]
    changes = [change for change in units.changes if change.row not in refused]
    everything = sorted([*problems, *units.problems, *people.problems], key=lambda problem: (problem.row, problem.column))
    return Plan(
        additions, changes, people.additions, people.changes, people.unchanged, everything, len(rows), table.fields, table.ignored
    )


def _used_units(units, refused):
    """The codes of new units that some sound row uses, or that lie above such a unit."""
    used = {key for row, key in units.unit_of.items() if row not in refused}
    for unit in reversed(units.additions):
        if unit.code in used:
            used.add(unit.parent)
    return used
