"""The filters of lists, as read from the query string: what is not understood is left out, so every address can be kept."""

from dataclasses import dataclass, fields
from datetime import date

from app.people import rules

STATES = ("active", "stopped", "no_password")


@dataclass(frozen=True)
class PeopleFilter:
    """Which people a list shows. `state` None means all; left out of the address it means the active ones."""

    q: str | None = None
    unit: int | None = None
    role: str | None = None
    state: str | None = "active"

    @classmethod
    def of(cls, args):
        """Read the filter from a request's arguments."""
        role, state = args.get("role"), args.get("state", "active")
        return cls(
            _text(args), args.get("unit", type=int), role if role in rules.ROLES else None, state if state in STATES else None
        )

    def kept(self, **changes):
        """The filter as arguments of an address, with `changes`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return values | {"state": values["state"] or "all"}


@dataclass(frozen=True)
class AuditFilter:
    """Which audit entries a list shows."""

    q: str | None = None
    action: str | None = None
    day: date | None = None

    @classmethod
    def of(cls, args):
        """Read the filter from a request's arguments."""
        return cls(_text(args), args.get("action") or None, _day(args.get("day")))

    def kept(self, **changes):
        """The filter as arguments of an address, with `changes`."""
        return {"q": self.q, "action": self.action, "day": self.day.isoformat() if self.day else None} | changes


def _text(args):
    return (args.get("q") or "").strip()[:100] or None


def _day(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
