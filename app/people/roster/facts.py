"""What is stored, as plain values: the plan compares a roster with it and touches no database."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnitFact:
    """A stored unit."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    path: str
    version: int
    is_active: bool = True


@dataclass(frozen=True)
class PersonFact:
    """A stored person."""

    id: int
    unit_id: int
    name: str
    account: str
    phone: str | None
    email: str | None
    position: str
    is_active: bool
    version: int


@dataclass
class Stored:
    """Everything a plan needs to know: units and people by id, present roles, and who imports with which units' paths."""

    units: dict
    people: dict
    grants: dict = field(default_factory=dict)  # person id -> {(role, unit id)}
    actor_id: int | None = None
    paths: tuple = ("/",)

    def is_mine(self, unit_id):
        """True when the unit lies under one of the importer's paths."""
        return self.units[unit_id].path.startswith(tuple(self.paths)) if unit_id in self.units else False

    def top(self):
        """The importer's topmost unit if there is exactly one: new units without a unit above hang there."""
        tops = [unit.id for unit in self.units.values() if self.is_mine(unit.id) and not self.is_mine(unit.parent_id)]
        return tops[0] if len(tops) == 1 else None


class Zeros:
    """Finds ids whose leading zeros a spreadsheet may have dropped: reported, never guessed."""

    def __init__(self, known, rows, column):
        """known: the ids there are already; rows and column: where else in the file such ids stand as text."""
        texts = {getattr(row, column) for row in rows if getattr(row, column) and column not in row.numbers}
        self.known = set(known)
        self.by_number = {int(text): text for text in texts | self.known if text.isdecimal() and text.startswith("0")}
        lengths = {len(text) for text in texts if text.isdecimal()}
        self.length = lengths.pop() if len(lengths) == 1 and any(text.startswith("0") for text in texts) else None

    def problem(self, text, is_number):
        """Return (code, values) when the id looks as if it had lost zeros, else None.

        is_number: the cell held a number, or digits in a CSV file; what was typed as text is taken as typed.
        """
        if not is_number or text in self.known or not text.isdecimal():
            return None
        padded = self.by_number.get(int(text))
        if padded is not None:
            return "zeros_lost", {"text": text, "known": padded}
        if self.length and len(text) < self.length:
            return "zeros_likely_lost", {"length": self.length}
        return None
