"""Planning the units of a roster: which unit each row means, which are new, which change, and what is wrong with them.

A unit's key is its id when it is stored, and its code (text) when it is new.
"""

from dataclasses import dataclass, field

from app.people.roster.facts import Zeros
from app.people.roster.problems import Problem
from app.people.roster.words import KIND_SHOWN

ATTRIBUTES = {"name": "unit_name", "short_name": "short_name", "kind": "kind", "parent": "parent"}
DEFAULT_KIND = "institution"


@dataclass(frozen=True)
class NewUnit:
    """A unit to add. parent: the key of the unit above, None for the root of an empty tree."""

    row: int
    code: str
    name: str
    short_name: str
    kind: str
    parent: int | str | None


@dataclass(frozen=True)
class UnitChange:
    """A stored unit to change: its fields before and after; `parent` holds keys."""

    row: int
    id: int
    version: int
    before: dict
    after: dict


@dataclass
class UnitPlan:
    """The outcome: rows' units by row number, additions (each after the unit above it), changes, problems."""

    unit_of: dict = field(default_factory=dict)
    additions: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    problems: list = field(default_factory=list)


class Said:
    """What the rows of a file say about one unit: the first value of each attribute, and the row it stands in."""

    def __init__(self, row):
        self.row = row
        self.values, self.rows = {}, {}

    def hear(self, name, value, row):
        """Take a value; return the row that said something else before, or None."""
        if value is None:
            return None
        kept = self.values.setdefault(name, value)
        first = self.rows.setdefault(name, row)
        return None if kept == value else first


def plan_units(rows, stored):
    """Return the UnitPlan of the rows. Pure."""
    return _Planner(rows, stored).run()


class _Planner:
    def __init__(self, rows, stored):
        self.rows, self.stored = rows, stored
        self.plan = UnitPlan()
        self.by_code = {unit.code: unit for unit in stored.units.values()}
        self.by_name: dict = {}
        for unit in stored.units.values():
            if stored.is_mine(unit.id):
                self.by_name.setdefault(unit.name, []).append(unit.id)
        self.zeros = Zeros(self.by_code, rows, "unit_code")
        self.said, self.users, self.bad, self.parents = {}, {}, set(), {}

    def run(self):
        for row in self.rows:
            if row.unit_code:
                self._note(row, self._key_of_code(row))
        self._learn_new_names()
        for row in self.rows:
            if row.unit_name and not row.unit_code:
                self._note(row, self._key_of_name(row))
        for key, said in self.said.items():
            self._settle(key, said)
        self._refuse_loops()
        self._refuse_users()
        self._order()
        return self.plan

    def _problem(self, number, column, code, /, **values):
        self.plan.problems.append(Problem(number, column, code, values))

    def _key_of_code(self, row):
        lost = self.zeros.problem(row.unit_code, "unit_code" in row.numbers)
        if lost:
            self._problem(row.number, "unit_code", lost[0], **lost[1])
            return None
        unit = self.by_code.get(row.unit_code)
        return unit.id if unit else row.unit_code

    def _learn_new_names(self):
        for key, said in self.said.items():
            if isinstance(key, str) and said.values.get("name"):
                self.by_name.setdefault(said.values["name"], []).append(key)

    def _key_of_name(self, row):
        keys = self.by_name.get(row.unit_name, [])
        if len(keys) != 1:
            self._problem(row.number, "unit_name", "unit_ambiguous" if keys else "unit_unknown", text=row.unit_name)
            return None
        return keys[0]

    def _note(self, row, key):
        if key is None:
            return
        if isinstance(key, int) and not self.stored.is_mine(key):
            self._problem(row.number, "unit_code", "unit_not_yours")
            return
        said = self.said.setdefault(key, Said(row.number))
        self.users.setdefault(key, []).append(row.number)
        self.plan.unit_of[row.number] = key
        for name, column in ATTRIBUTES.items():
            other = said.hear(name, getattr(row, column), row.number)
            if other is not None:
                shown = said.values[name]
                self._problem(
                    row.number,
                    column,
                    "unit_conflict",
                    row=other,
                    other=KIND_SHOWN.get(shown, shown) if name == "kind" else shown,
                )

    def _settle(self, key, said):
        """Work out what is to be done with one unit, or what is wrong with it."""
        parent = self._parent(key, said)
        name = said.values.get("name")
        namesakes = [other for other in self.by_name.get(name, []) if other != key] if name else []
        if parent is False:
            return
        if namesakes and name != getattr(self.stored.units.get(key), "name", None):
            other = self.stored.units.get(namesakes[0])
            self._spoil(key, said, "name", "unit_name_taken", code=other.code if other else namesakes[0])
        elif isinstance(key, int):
            self._change(key, said, parent)
        elif not name:
            self._spoil(key, said, "name", "unit_name_missing", code=key)
        else:
            self.parents[key] = parent
            kind = said.values.get("kind", DEFAULT_KIND)
            self.plan.additions.append(NewUnit(said.row, key, name, said.values.get("short_name", ""), kind, parent))

    def _change(self, key, said, parent):
        unit = self.stored.units[key]
        wanted = {name: said.values.get(name, getattr(unit, name)) for name in ("name", "short_name", "kind")}
        wanted["parent"] = unit.parent_id if parent is None else parent
        before = {"name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "parent": unit.parent_id}
        after = {name: value for name, value in wanted.items() if value != before[name]}
        if after:
            self.parents[key] = wanted["parent"]
            row = said.rows.get(next(iter(after)), said.row)
            self.plan.changes.append(UnitChange(row, key, unit.version, {name: before[name] for name in after}, after))

    def _parent(self, key, said):
        """Return the key of the unit above, None for "as it is", or False when there is a problem."""
        text = said.values.get("parent")
        if not text:
            if isinstance(key, int):
                return None
            top = self.stored.top()
            if top is None and (self.stored.units or self._roots() > 1):
                self._spoil(key, said, "parent", "parent_missing")
                return False
            return top
        found = self._find_parent(key, text)
        if found is None or (
            isinstance(found, int)
            and not self.stored.is_mine(found)
            and found != getattr(self.stored.units.get(key), "parent_id", None)
        ):
            self._spoil(key, said, "parent", "parent_unknown", text=text)
            return False
        return found

    def _find_parent(self, key, text):
        unit = self.by_code.get(text)
        if unit:
            return unit.id
        if text in self.said:
            return text
        above = self.stored.units.get(getattr(self.stored.units.get(key), "parent_id", None))
        if above is not None and above.name == text:
            return above.id
        keys = self.by_name.get(text, [])
        return keys[0] if len(keys) == 1 else None

    def _roots(self):
        return sum(1 for said in self.said.values() if not said.values.get("parent"))

    def _spoil(self, key, said, name, code, /, **values):
        self.bad.add(key)
        self._problem(said.rows.get(name, said.row), ATTRIBUTES[name], code, **values)

    def _refuse_loops(self):
        for key in list(self.parents):
            seen, above = {key}, self.parents[key]
            while above is not None and above not in seen:
                seen.add(above)
                above = self.parents.get(above, self.stored.units[above].parent_id if above in self.stored.units else None)
            if above is not None and above == key:
                self._spoil(key, self.said[key], "parent", "unit_loop")

    def _refuse_users(self):
        """Rows whose unit turned out to be unusable, or hangs below such a one, are refused too."""
        spread = True
        while spread:
            below = {key for key, parent in self.parents.items() if parent in self.bad and key not in self.bad}
            spread = bool(below)
            self.bad |= below
        told = {problem.row for problem in self.plan.problems}
        for key in self.bad:
            for number in self.users.get(key, []):
                if number not in told:
                    self._problem(number, "unit", "unit_unusable", row=self.said[key].row)
        bad_rows = {problem.row for problem in self.plan.problems}
        self.plan.additions = [unit for unit in self.plan.additions if unit.code not in self.bad]
        self.plan.changes = [change for change in self.plan.changes if change.id not in self.bad and change.row not in bad_rows]

    def _order(self):
        """Put each new unit behind the one above it."""
        ordered, waiting, placed = [], self.plan.additions, set(self.stored.units) | {None}
        while waiting:
            ready = [unit for unit in waiting if unit.parent in placed]
            if not ready:
                break
            ordered += ready
            placed |= {unit.code for unit in ready}
            waiting = [unit for unit in waiting if unit.parent not in placed or unit not in ready]
        self.plan.additions = ordered
