"""What two people changed at once, side by side (R25)."""


def differences(form, row, names):
    """Return [(label, stored value, typed value)] of the fields in which a stale form and the row differ."""
    pairs = ((getattr(form, name, None), getattr(row, name)) for name in names)
    return [
        (field.label.text, shown(field, stored), shown(field, field.data))
        for field, stored in pairs
        if field is not None and (stored or "") != (field.data or "")
    ]


def shown(field, value):
    """Return a field's value as people read it: the words of a choice rather than its id."""
    choices = {str(choice.value): choice.label for choice in getattr(field, "choices", None) or []}
    return choices.get(str(value), value if value not in (None, "") else "-")
