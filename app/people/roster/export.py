"""The rows of an export: people of one's units with their units, and units without people, in the words of roster files."""

from app.people import rules
from app.people.roster.words import CLEARED, KIND_SHOWN, roles_shown


def rows_of(stored, *, whole_phones, people=None):
    """Return [{field: text}] of what `stored` (a Stored) shows its reader. Pure.

    whole_phones: numbers in full; otherwise masked, which an import takes for "unchanged". people: ids to narrow to, or None for all.
    """
    children = sorted(
        (person for person in stored.people.values() if stored.is_mine(person.unit_id)),
        key=lambda one: (one.unit_id, one.account),
    )
    shown = [person for person in children if people is None or person.id in people]
    rows = [_unit(stored, person.unit_id) | _person(stored, person, whole_phones) for person in shown]
    if people is None:
        peopled = {person.unit_id for person in shown}
        rows += [
            _unit(stored, unit.id)
            for unit in stored.units.values()
            if stored.is_mine(unit.id) and unit.id not in peopled and unit.is_active
        ]
    return rows


def _unit(stored, unit_id):
    unit = stored.units[unit_id]
    above = stored.units.get(unit.parent_id)
    return {
        "unit_code": unit.code, "unit_name": unit.name, "short_name": unit.short_name, "kind": KIND_SHOWN[unit.kind],
        "parent": above.code if above else "",
    }  # fmt: skip


def _person(stored, person, whole_phones):
    held = {role for role, unit_id in stored.grants.get(person.id, ()) if unit_id == person.unit_id}
    return {
        "name": person.name, "account": person.account, "phone": (person.phone if whole_phones else rules.masked_phone(person.phone)) or "",
        "email": person.email or "", "position": person.position, "roles": roles_shown(held) or CLEARED, "active": "在职" if person.is_active else "停用",
    }  # fmt: skip
