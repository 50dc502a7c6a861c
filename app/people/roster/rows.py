"""Rows: cells become typed values, or problems that name row, column and what to do. Knows nothing of what is stored.

In every optional column an empty cell means "leave as it is" (None) and 无 means "empty it" ("" or no roles).
"""

from dataclasses import dataclass, field

from app.people import rules
from app.people.roster import words
from app.people.roster.cells import EMPTY
from app.people.roster.problems import Problem

LONGEST = {
    "unit_code": 40,
    "unit_name": 100,
    "short_name": 40,
    "parent": 100,
    "name": 50,
    "account": 50,
    "phone": 30,
    "email": 254,
    "position": 100,
}
NUMBERED = ("unit_code", "account", "phone", "parent")  # columns that Excel likes to take for numbers
CLEARABLE = {"short_name", "phone", "email", "position", "roles"}
KIND_LIST = "、".join(words.KIND_SHOWN.values())
ROLE_LIST = "、".join(words.ROLE_SHOWN.values())


@dataclass(frozen=True)
class Row:
    """One row as it is meant. None: the cell was empty. `numbers`: which columns the spreadsheet held as numbers."""

    number: int
    unit_code: str | None = None
    unit_name: str | None = None
    short_name: str | None = None
    parent: str | None = None
    kind: str | None = None
    name: str | None = None
    account: str | None = None
    phone: str | None = None
    email: str | None = None
    position: str | None = None
    roles: frozenset | None = None
    active: bool | None = None
    numbers: frozenset = field(default=frozenset(), compare=False)

    @property
    def has_person(self):
        """True when the row speaks of a person, not of a unit alone."""
        return any(
            value is not None
            for value in (self.name, self.account, self.phone, self.email, self.position, self.roles, self.active)
        )


def understand(table):
    """Return ([Row], [Problem]) of a Table. A row with problems still appears among the rows; `plan` leaves it out."""
    rows, problems = [], []
    for number, cells in table.rows:
        row, found = _row(number, cells)
        rows.append(row)
        problems.extend(found)
    return rows, problems


def _row(number, cells):
    problems = []
    values = {}
    for name, cell in cells.items():
        if cell is EMPTY or not cell.text:
            continue
        values[name], problem = _value(name, cell)
        if problem:
            problems.append(Problem(number, name, *problem))
            values.pop(name)
    numbers = frozenset(name for name in NUMBERED if name in cells and cells[name].kind == "number")
    return Row(number, numbers=numbers, **values), problems


def _value(name, cell):
    """Return (value, None) or (None, (code, values)) of one filled cell."""
    text = cell.text
    if cell.kind == "date":
        return None, ("is_date", {})
    if name in NUMBERED and not cell.exact:
        return None, ("precision", {})
    if name in NUMBERED and _is_scientific(text):
        return None, ("scientific", {"text": text})
    if name in CLEARABLE and text == words.CLEARED:
        return frozenset() if name == "roles" else "", None
    if len(text) > LONGEST.get(name, 500):
        return None, ("too_long", {"count": len(text), "most": LONGEST.get(name, 500)})
    special = {"account": _account, "phone": _phone, "email": _email, "kind": _kind, "roles": _roles, "active": _active}.get(name)
    return special(text) if special else (text, None)


def _is_scientific(text):
    mantissa, sign, exponent = text.upper().partition("E+")
    return bool(sign) and exponent.isdecimal() and mantissa.replace(".", "", 1).isdecimal()


def _account(text):
    account = rules.sign_in_name(text)
    return (account, None) if rules.is_account(account) else (None, ("account_form", {}))


def _phone(text):
    digits = rules.phone_digits(text)
    if rules.is_mobile(digits) or rules.is_masked(digits):
        return digits, None
    return None, (("phone_digits", {"count": len(digits)}) if digits.isdecimal() and len(digits) != 11 else ("phone_form", {}))


def _email(text):
    return (text, None) if rules.is_email(text) else (None, ("email_form", {}))


def _kind(text):
    kind = words.KIND_OF.get(text)
    return (kind, None) if kind else (None, ("kind_unknown", {"text": text[:20], "known": KIND_LIST}))


def _roles(text):
    parts = [
        part.strip()
        for part in text.replace("；", "、")
        .replace(";", "、")
        .replace("，", "、")
        .replace(",", "、")
        .replace("/", "、")
        .split("、")
    ]
    unknown = next((part for part in parts if part and part not in words.ROLE_OF), None)
    if unknown is not None:
        return None, ("role_unknown", {"text": unknown[:20], "known": ROLE_LIST})
    return frozenset(words.ROLE_OF[part] for part in parts if part) - {rules.TRAINEE}, None


def _active(text):
    state = words.ACTIVE_OF.get(text)
    return (state, None) if state is not None else (None, ("active_unknown", {"text": text[:20]}))
