"""Headings, totals, shortages and draws of a paper: pure, and the same on every machine for the same seed."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from random import Random

LEVELS = (1, 2, 3)  # easy, medium, hard
DIGITS = "零一二三四五六七八九"
MOST_QUESTIONS = 500  # in one paper (R56: a save carries at most so many items)
USUAL_TOTAL = Decimal(100)

SECTION_TITLES = {"single_choice": "单项选择题", "multiple_choice": "多项选择题", "true_false": "判断题", "fill_blank": "填空题"}


def numeral(number):
    """Return 1–99 as a Chinese numeral: 一, 十, 十二, 二十, 二十三."""
    if not 1 <= number <= 99:
        raise ValueError(f"no numeral for {number}")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def plain(number):
    """Return points without trailing zeros: 2, 1.5, 100."""
    return f"{Decimal(number).normalize():f}"


def heading(index, title, count, points_each, rule=None):
    """Return a section's printed heading: 一、单项选择题（每题2分，共30题，60分）.

    rule: how a part of the right options counts, in words; None where the kind has no such rule.
    """
    facts = [f"每题{plain(points_each)}分", f"共{count}题", f"{plain(points_each * count)}分", *([rule] if rule else [])]
    return f"{numeral(index)}、{title}（{'，'.join(facts)}）"


def needs(draw):
    """Return {level: count} of a draw's difficulty numbers; empty when any difficulty will do."""
    return {int(level): count for level, count in (draw.get("difficulty") or {}).items() if count}


@dataclass(frozen=True)
class Shortage:
    """Too few questions to draw from. level: 1–3, or None for the section as a whole."""

    level: int | None
    needed: int
    available: int


def shortages(draw, counts):
    """Return the Shortages of a draw, given how many questions there are: {level: count}."""
    wanted = needs(draw)
    if wanted:
        return [
            Shortage(level, count, counts.get(level, 0))
            for level, count in sorted(wanted.items())
            if counts.get(level, 0) < count
        ]
    available = sum(counts.values())
    return [Shortage(None, draw["count"], available)] if available < draw["count"] else []


def mixed(seed, *names):
    """Return a seed of its own for one purpose: the same numbers give the same result everywhere."""
    text = "|".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _some(values, count, rng):
    """Choose `count` of a list, each order equally likely. Our own shuffle: only rng.random() stays the same in every Python."""
    values = list(values)
    for place in range(count):
        other = place + int(rng.random() * (len(values) - place))
        values[place], values[other] = values[other], values[place]
    return values[:count]


class TooFew(ValueError):
    """A draw asks for more questions than there are."""


def draw(pool, count, difficulty, seed):
    """Return `count` version ids drawn from the pool; with difficulty numbers the easy ones come first.

    pool: [[version_id, level], …], in any order. difficulty: {"1": n, "2": n, "3": n} or None. Raises TooFew.
    """
    rng = Random(seed)  # noqa: S311 - has to be repeatable, not secret
    ordered = sorted((version_id, level) for version_id, level in pool)
    wanted = needs({"difficulty": difficulty})
    if not wanted:
        return _drawn([version_id for version_id, _ in ordered], count, rng)
    return [
        version_id
        for level, number in sorted(wanted.items())
        for version_id in _drawn([v for v, own in ordered if own == level], number, rng)
    ]


def _drawn(versions, count, rng):
    if len(versions) < count:
        raise TooFew(f"{count} of {len(versions)}")
    return _some(versions, count, rng)


def order(items, seed, shuffle):
    """Return [[version_id, section_id], …] shuffled inside each section only; sections keep their order."""
    if not shuffle:
        return list(items)
    sections = {}
    for item in items:
        sections.setdefault(item[1], []).append(item)
    return [item for section_id, own in sections.items() for item in _shuffled(own, mixed(seed, "order", section_id))]


def _shuffled(values, seed):
    return _some(values, len(values), Random(seed))  # noqa: S311 - has to be repeatable, not secret


def draw_order(pools):
    """Return the keys of {key: pool} in the order in which sections draw: the fewest to choose from first."""
    return sorted(pools, key=lambda key: (len(pools[key]), key))


def left_over(draws, pools):
    """Return {key: {level: count}}: what is sure to be left for each draw, whatever the draws before it take.

    draws: {key: draw}; pools: {key: [[version_id, level], …]}. A question that two sections may draw goes to one of them only.
    """
    left, before = {}, []
    for key in draw_order(pools):
        own = dict(map(tuple, pools[key]))
        there = Counter(own.values())
        shared = [(draws[other], Counter(own[v] for v, _ in pools[other] if v in own)) for other in before]
        left[key] = _left_by_level(there, shared) if needs(draws[key]) else _left_in_all(there, shared)
        before.append(key)
    return left


def _left_by_level(there, shared):
    """Take away, level by level, the most that each earlier draw can take."""
    lost = Counter()
    for draw, counts in shared:
        wanted = needs(draw)
        lost.update({level: min(count, wanted.get(level, 0) if wanted else draw["count"]) for level, count in counts.items()})
    return dict(there - lost)


def _left_in_all(there, shared):
    """Take away the most that the earlier draws can take together; the level does not matter here."""
    lost = sum(min(counts.total(), draw["count"]) for draw, counts in shared)
    left = Counter()
    for level, count in there.items():
        left[level] = max(0, count - lost)
        lost -= min(count, lost)
    return dict(left)


def total(sections):
    """Return (questions, points) of [(count, points_each), …]."""
    sections = list(sections)
    return sum(count for count, _ in sections), sum((points * count for count, points in sections), Decimal(0))


STANDARD = {
    "single_choice": (20, Decimal(2)),
    "multiple_choice": (10, Decimal(3)),
    "true_false": (20, Decimal(1)),
    "fill_blank": (5, Decimal(2)),
}


def proposal(supply):
    """Return {kind: (count, points each)} for a paper of 100 points, or as near as the supply {kind: available} allows."""
    plan = {kind: (min(count, supply.get(kind, 0)), points) for kind, (count, points) in STANDARD.items()}
    for kind in ("single_choice", "true_false"):  # what one kind lacks, the plain ones make up for
        count, points = plan[kind]
        missing = USUAL_TOTAL - total(plan.values())[1]
        plan[kind] = (count + min(int(missing / points), supply.get(kind, 0) - count), points)
    return plan


def digest(contents):
    """Return the SHA-256 of frozen contents: any JSON-able value, in one canonical spelling."""
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def within(draw, pool):
    """Return (count, difficulty numbers) of a draw, cut down to what the pool has."""
    counts = Counter(level for _, level in pool)
    wanted = needs(draw)
    if not wanted:
        return min(draw["count"], len(pool)), None
    cut = {str(level): min(count, counts[level]) for level, count in wanted.items()}
    return sum(cut.values()), cut
