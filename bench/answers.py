"""Answers of made-up people: right ones as an attempt shows them, and wrong ones, by a share of each person's own."""

import random

from app.bank import kinds
from app.exams.rules.paper_order import option_seed

LETTERS = "ABCDEFGH"


def right(kind, body, seed, version_id):
    """Return the right answer in the letters that an attempt of this seed shows."""
    if kind == "fill_blank":
        return [accepted[0] for accepted in body["key"]]
    if kind == "true_false":
        return body["key"]
    order = kinds.get(kind).option_order(body, option_seed(seed, version_id), True)
    return sorted(LETTERS[order.index(label)] for label in body["key"])


def wrong(kind, body):
    """Return an answer that is mostly wrong."""
    if kind == "fill_blank":
        return ["不清楚" for _ in body["key"]]
    if kind == "true_false":
        return ["false"] if body["key"] == ["true"] else ["true"]
    return ["A"] if kind == "single_choice" else ["A", "B"]


def of_attempt(items, seed, bodies, share):
    """Return {position: answer} with about `share` of them right; items: [(version id, section id)]."""
    dice = random.Random(seed)
    found = {}
    for position, (version_id, _) in enumerate(items, 1):
        kind, body = bodies[version_id]
        found[position] = right(kind, body, seed, version_id) if dice.random() < share else wrong(kind, body)
    return found
