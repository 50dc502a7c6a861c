"""Planning the people of a roster: who is new, who changes or moves, whose account is closed, and what is wrong.

People are told by their account; where a row has none, by their mobile number.
"""

from dataclasses import dataclass, field

from app.people import rules
from app.people.roster.facts import Zeros
from app.people.roster.problems import Problem


@dataclass(frozen=True)
class NewPerson:
    """A person to add, with roles for their unit. unit: a unit's key."""

    row: int
    name: str
    account: str
    phone: str | None
    email: str | None
    position: str
    unit: int | str
    active: bool
    roles: frozenset


@dataclass(frozen=True)
class PersonChange:
    """A stored person to change: fields before and after (`unit` holds keys, `active` a yes or no), roles to add and to end."""

    row: int | None  # None: not in the file, closed because the unit is
    id: int
    version: int
    before: dict
    after: dict
    roles_added: frozenset = frozenset()  # for the unit the person has afterwards
    roles_ended: frozenset = frozenset()  # {(role, unit id)}

    @property
    def kind(self):
        """Which list it belongs to."""
        if self.after.get("active") is False:
            return "deactivate"
        return "move" if "unit" in self.after else "change"


@dataclass
class PeoplePlan:
    """The outcome of planning the people."""

    additions: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    unchanged: int = 0
    problems: list = field(default_factory=list)


def plan_people(rows, unit_of, stored, bad_rows, *, deactivate_missing=False):
    """Return the PeoplePlan of the rows that speak of a person. Pure.

    unit_of: {row number: unit key}. bad_rows: rows that already have problems: left out, but nobody they name is closed as missing.
    """
    return _Planner(rows, unit_of, stored, bad_rows).run(deactivate_missing)


class _Planner:
    def __init__(self, rows, unit_of, stored, bad_rows):
        self.unit_of, self.stored, self.bad = unit_of, stored, set(bad_rows)
        self.rows = [row for row in rows if row.has_person]
        self.by_account = {person.account: person for person in stored.people.values()}
        self.by_phone = {person.phone: person for person in stored.people.values() if person.phone}
        self.zeros = Zeros(self.by_account, self.rows, "account")
        self.plan = PeoplePlan()
        self.row_of = {}  # who is in the file: person id or new account -> row number

    def run(self, deactivate_missing):
        good = [row for row in self.rows if row.number not in self.bad and self._is_sound(row)]
        good = self._with_own_phones(good)
        for row in good:
            person = self._person(row)
            if person is None:
                self._add(row)
            else:
                self._change(row, person)
        if deactivate_missing:
            self._close_missing()
        return self.plan

    def _problem(self, row, column, code, /, **values):
        self.bad.add(row.number)
        self.plan.problems.append(Problem(row.number, column, code, values))
        return False

    def _person(self, row):
        return self.by_account.get(row.account) if row.account else self.by_phone.get(row.phone)

    def _is_sound(self, row):
        """True when the row can be told from others and is allowed; else notes what is wrong."""
        if not row.account and (not row.phone or rules.is_masked(row.phone)):
            return self._problem(row, "account", "account_missing")
        if row.account:
            lost = self.zeros.problem(row.account, "account" in row.numbers)
            if lost:
                return self._problem(row, "account", lost[0], **lost[1])
        person = self._person(row)
        who = person.id if person else row.account or row.phone
        first = self.row_of.setdefault(who, row.number)
        if first != row.number:
            return self._problem(row, "account" if row.account else "phone", "repeated", row=first)
        return self._is_new_and_whole(row) if person is None else self._may_change(row, person)

    def _is_new_and_whole(self, row):
        if not row.name:
            return self._problem(row, "name", "name_missing")
        if row.number not in self.unit_of:
            return self._problem(row, "unit", "unit_missing")
        if row.phone and rules.is_masked(row.phone):
            return self._problem(row, "phone", "phone_masked")
        if row.account and rules.is_mobile(row.account) and row.account != row.phone:
            return self._problem(row, "account", "account_is_phone")
        if rules.roles_clash(row.roles or frozenset()):
            return self._problem(row, "roles", "auditor_alone")
        return self._unit_is_open(row)

    def _unit_is_open(self, row):
        unit = self.stored.units.get(self.unit_of.get(row.number))
        return self._problem(row, "unit", "unit_stopped") if unit is not None and not unit.is_active else True

    def _may_change(self, row, person):
        if not self.stored.is_mine(person.unit_id):
            return self._problem(row, "account", "account_elsewhere")
        if row.phone and rules.is_masked(row.phone) and row.phone != rules.masked_phone(person.phone):
            return self._problem(row, "phone", "phone_masked")
        if person.id == self.stored.actor_id and (
            row.active is False or self._roles(row, person)[0] or self._roles(row, person)[1]
        ):
            return self._problem(row, "", "own_row")
        if self._is_above_me(person) and self._differs(row, person):
            return self._problem(row, "", "above_you")
        added, ended = self._roles(row, person)
        kept = self.stored.grants.get(person.id, set()) - ended
        if rules.roles_clash({role for role, unit_id in kept} | added):
            return self._problem(row, "roles", "auditor_alone")
        return self._unit_is_open(row) if self.unit_of.get(row.number, person.unit_id) != person.unit_id else True

    def _is_above_me(self, person):
        return any(not self.stored.is_mine(unit_id) for role, unit_id in self.stored.grants.get(person.id, ()))

    def _differs(self, row, person):
        before, after = self._fields(row, person)
        return before != after or any(self._roles(row, person))

    def _fields(self, row, person):
        """Return (before, after) of the fields that a row can change, empty cells leaving what is stored."""
        phone = person.phone if row.phone is None or rules.is_masked(row.phone) else row.phone or None
        before = {
            "name": person.name, "phone": person.phone, "email": person.email, "position": person.position,
            "unit": person.unit_id, "active": person.is_active,
        }  # fmt: skip
        after = {
            "name": row.name or person.name,
            "phone": phone,
            "email": person.email if row.email is None else row.email or None,
            "position": person.position if row.position is None else row.position,
            "unit": self.unit_of.get(row.number, person.unit_id),
            "active": person.is_active if row.active is None else row.active,
        }
        return before, after

    def _roles(self, row, person):
        """Return (roles to add for the unit afterwards, {(role, unit id)} to end)."""
        held = self.stored.grants.get(person.id, set())
        unit = self.unit_of.get(row.number, person.unit_id)
        moves, leaves = unit != person.unit_id, person.is_active and row.active is False
        at_home = {(role, at) for role, at in held if at == person.unit_id}
        ended = {(role, at) for role, at in at_home if (moves or leaves) and role in rules.ENDS_WITH_POST}
        if row.roles is None:
            return frozenset(), frozenset(ended)
        there = {role for role, at in held if at == unit}
        ended |= {(role, unit) for role in there - row.roles} | (at_home if moves else set())
        return frozenset() if row.active is False else frozenset(row.roles - there), frozenset(ended)

    def _with_own_phones(self, rows):
        """Return the rows whose numbers belong to nobody else once all changes are made; a refused row frees no number."""
        while True:
            sound = [row for row in rows if row.number not in self.bad]
            freed = {
                person.phone
                for row in sound
                if (person := self._person(row)) and self._fields(row, person)[1]["phone"] != person.phone
            }
            claims: dict = {}
            for row in sound:
                self._claim(row, claims, freed)
            if len(sound) == len([row for row in sound if row.number not in self.bad]):
                return sound

    def _claim(self, row, claims, freed):
        person = self._person(row)
        phone = self._fields(row, person)[1]["phone"] if person else row.phone or None
        if not phone:
            return
        first = claims.setdefault(phone, row.number)
        owner = self.by_phone.get(phone) if phone not in freed else None
        namesake = self.by_account.get(phone)
        other = next((one for one in (owner, namesake) if one is not None and one is not person), None)
        if first != row.number:
            self._problem(row, "phone", "phone_repeated", row=first)
        elif other is not None and self.stored.is_mine(other.unit_id):
            self._problem(row, "phone", "phone_taken", who=f"{other.name}（{other.account}）")
        elif other is not None:
            self._problem(row, "phone", "phone_elsewhere")

    def _add(self, row):
        self.plan.additions.append(
            NewPerson(
                row.number,
                row.name,
                row.account or row.phone,
                row.phone or None,
                row.email or None,
                row.position or "",
                self.unit_of[row.number],
                row.active is not False,
                frozenset() if row.active is False else row.roles or frozenset(),
            )  # fmt: skip
        )

    def _change(self, row, person):
        before, after = self._fields(row, person)
        added, ended = self._roles(row, person)
        changed = {name: value for name, value in after.items() if value != before[name]}
        if not changed and not added and not ended:
            self.plan.unchanged += 1
            return
        self.plan.changes.append(
            PersonChange(row.number, person.id, person.version, {name: before[name] for name in changed}, changed, added, ended)
        )

    def _close_missing(self):
        """Close the accounts of active people of the listed units whom no row names, not even a refused one."""
        listed = {self.unit_of[row.number] for row in self.rows if row.number in self.unit_of}
        accounts = ({row.account for row in self.rows} | {row.phone for row in self.rows}) - {None}
        names = {row.name for row in self.rows if row.number in self.bad} - {None}
        for person in self.stored.people.values():
            mentioned = person.id in self.row_of or person.account in accounts or person.phone in accounts or person.name in names
            if (
                person.unit_id not in listed
                or not person.is_active
                or mentioned
                or person.id == self.stored.actor_id
                or self._is_above_me(person)
            ):
                continue
            ended = frozenset(
                (role, at)
                for role, at in self.stored.grants.get(person.id, ())
                if role in rules.ENDS_WITH_POST and at == person.unit_id
            )
            self.plan.changes.append(
                PersonChange(None, person.id, person.version, {"active": True}, {"active": False}, frozenset(), ended)
            )
