"""The lines of a dry run: what each row would do, as plain JSON-able values that a page shows and a column stores."""

from app.people.roster.words import KIND_SHOWN, roles_shown

YES = {True: "在职", False: "停用"}


def lines_of(plan, stored):
    """Return [{"kind", "row", "title", "where", "fields": [[column, before, after]], "caution"}] and the problems as such lines."""
    names = _Names(plan, stored)
    lines = [_new_unit(unit, names) for unit in plan.units_added]
    lines += [_changed_unit(change, names, stored) for change in plan.units_changed]
    lines += [_new_person(one, names) for one in plan.people_added]
    lines += [_changed_person(change, names, stored) for change in plan.people_changed]
    lines += [
        {"kind": "problem", "row": one.row, "column": one.column, "code": one.code, "values": one.values} for one in plan.problems
    ]
    return lines


class _Names:
    """Units by key, in words."""

    def __init__(self, plan, stored):
        self.new = {unit.code: unit.name for unit in plan.units_added}
        self.stored = stored

    def unit(self, key):
        if key is None:
            return ""
        return self.new[key] if key in self.new else self.stored.units[key].name


def _new_unit(unit, names):
    fields = [["unit_code", "", unit.code], ["kind", "", KIND_SHOWN[unit.kind]]]
    fields += [["short_name", "", unit.short_name]] if unit.short_name else []
    return {
        "kind": "unit_add",
        "row": unit.row,
        "title": unit.name,
        "where": names.unit(unit.parent),
        "fields": fields,
        "caution": False,
    }


def _changed_unit(change, names, stored):
    shown = {
        "name": lambda value: value,
        "short_name": lambda value: value,
        "kind": lambda value: KIND_SHOWN[value],
        "parent": names.unit,
    }
    columns = {"name": "unit_name"}
    fields = [
        [columns.get(name, name), shown[name](change.before[name]), shown[name](value)] for name, value in change.after.items()
    ]
    return {
        "kind": "unit_change",
        "row": change.row,
        "title": stored.units[change.id].name,
        "where": "",
        "fields": fields,
        "caution": False,
    }


def _new_person(one, names):
    values = {
        "account": one.account,
        "phone": one.phone,
        "email": one.email,
        "position": one.position,
        "roles": roles_shown(one.roles),
    }
    fields = [[column, "", value] for column, value in values.items() if value]
    fields += [] if one.active else [["active", "", YES[False]]]
    return {"kind": "add", "row": one.row, "title": one.name, "where": names.unit(one.unit), "fields": fields, "caution": False}


def _changed_person(change, names, stored):
    person = stored.people[change.id]
    fields = [
        [name, _shown(name, change.before[name], names), _shown(name, value, names)] for name, value in change.after.items()
    ]
    if change.roles_added or change.roles_ended:
        held = {role for role, unit_id in stored.grants.get(change.id, ()) if unit_id == person.unit_id}
        ended = {role for role, unit_id in change.roles_ended}
        fields.append(["roles", roles_shown(held), roles_shown((held - ended) | change.roles_added)])
    where = names.unit(person.unit_id)
    return {
        "kind": change.kind,
        "row": change.row,
        "title": f"{person.name}（{person.account}）",
        "where": where,
        "fields": fields,
        "caution": "name" in change.after,
    }


def _shown(name, value, names):
    if name == "unit":
        return names.unit(value)
    if name == "active":
        return YES[value]
    return value or ""
