"""Own data as a file (R83): each part registers what it stores about a person."""

from app.core import clock
from app.people import queries

SOURCES: dict = {}


def source(name):
    """Register `fn(person) -> JSON-able` as what the file holds under `name`."""

    def register(fn):
        SOURCES[name] = fn
        return fn

    return register


def collect(person, now):
    """Return everything the registered parts store about `person`."""
    return {"exported_at": clock.machine_time(now), **{name: fn(person) for name, fn in SOURCES.items()}}


@source("person")
def _person(person):
    return {
        "name": person.name, "account": person.account, "phone": person.phone, "email": person.email, "unit": person.unit.name,
        "position": person.position, "created_at": clock.machine_time(person.created_at), "roles": sorted(person.roles),
    }  # fmt: skip


@source("posts")
def _posts(person):
    return [
        {"unit": post.unit.name, "position": post.position, "from": str(post.started_on), "to": str(post.ended_on or "")}
        for post in queries.posts_of(person.id)
    ]


@source("sign_ins")
def _sign_ins(person):
    return [
        {
            "at": clock.machine_time(row.created_at),
            "address": row.address,
            "device": row.device,
            "ended_at": clock.machine_time(row.revoked_at),
        }
        for row in queries.sign_ins_of(person.id)
    ]
