"""Who may do what: roles and their permissions, as plain values (robustness §7's table); passwords and lockout as pure functions."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

TRAINEE = "trainee"
ADMINISTRATOR = "administrator"
TRAINER = "trainer"
GRADER = "grader"
INVIGILATOR = "invigilator"
LIAISON = "liaison"
AUDITOR = "auditor"
ROLES = (ADMINISTRATOR, TRAINER, GRADER, INVIGILATOR, LIAISON, AUDITOR)

PERMISSIONS = {
    TRAINEE: {"exam.sit", "course.learn"},
    ADMINISTRATOR: {
        "people.read", "people.write", "people.import", "grant.write", "unit.write",
        "bank.read", "bank.import", "bank.review", "paper.read", "paper.freeze",
        "sitting.read", "sitting.plan", "sitting.watch", "sitting.extend",
        "result.read", "result.confirm", "result.export",
        "notice.read", "notice.draft", "notice.approve", "notice.issue",
        "training.read", "training.write", "course.write", "job.read", "admin.home",
    },
    TRAINER: {
        "bank.read", "bank.write", "bank.import", "bank.review", "paper.read", "paper.write", "paper.freeze",
        "sitting.read", "sitting.plan", "result.read", "result.export", "training.read", "training.write", "course.write", "people.names",
    },
    GRADER: {"sitting.read"},
    INVIGILATOR: {"sitting.read", "sitting.watch", "sitting.extend"},
    LIAISON: {"people.read", "copy.read", "copy.sign", "unit.home", "result.read_unit", "training.confirm"},
    AUDITOR: {"audit.read", "people.read", "bank.read", "paper.read", "sitting.read", "result.read", "notice.read", "training.read"},
}  # fmt: skip

ALL_PERMISSIONS = set().union(*PERMISSIONS.values())

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128
OWN_WORDS = ("知责", "zhize")


def password_problems(password, *, own_words=(), common=frozenset()):
    """Return what is wrong with a chosen password, as codes: short, long, common, own_word (R39, profile "standard").

    own_words: name, account, phone, unit of the person; those under two characters (Chinese) or four (other) are passed over.
    common: passwords that many people choose, lower case.
    """
    lowered = password.lower()
    problems = []
    if len(password) < SHORTEST_PASSWORD:
        problems.append("short")
    if len(password) > LONGEST_PASSWORD:
        problems.append("long")
    if lowered in common or len(set(lowered)) <= 2:
        problems.append("common")
    if any(word.lower() in lowered for word in (*OWN_WORDS, *own_words) if len(word) >= (4 if word.isascii() else 2)):
        problems.append("own_word")
    return problems


@dataclass(frozen=True)
class Tries:
    """Failed sign-ins of one account (or unknown name, or known browser of an account) as they are counted (R41)."""

    failures: int
    window_started_at: datetime
    locked_until: datetime | None = None
    locks: int = 0


TIME_TO_REPLACE = timedelta(minutes=15)  # R40: from the first use of a one-time password
LONGEST_LOCK = timedelta(hours=24)
LOCKS_FORGOTTEN_AFTER = timedelta(hours=24)  # a quiet day: the doubling starts anew


def count_try(tries, now, *, limit, window):
    """Count one more try before its password is checked; return (the new Tries, whether the password may count).

    tries: a Tries, or None for the first. limit: failures until the lock. window: length of the window and of the first lock;
    each further lock doubles, up to a day. A try during a lock is not counted and cannot succeed.
    """
    if tries is None:
        tries = Tries(0, now)
    if tries.locked_until is not None and now < tries.locked_until:
        return tries, False
    locks = 0 if now - tries.window_started_at >= LOCKS_FORGOTTEN_AFTER + _lock(tries.locks, window) else tries.locks
    if tries.locked_until is not None or now - tries.window_started_at >= window:
        tries = Tries(0, now)
    failures = tries.failures + 1
    if failures < limit:
        return Tries(failures, tries.window_started_at, None, locks), True
    return Tries(failures, tries.window_started_at, now + _lock(locks + 1, window), locks + 1), True


def _lock(locks, window):
    return min(window * 2 ** (locks - 1), LONGEST_LOCK) if locks else timedelta(0)


def sign_in_name(typed):
    """Return a typed account as it is stored: half width, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", typed or "").strip().lower()


def phone_digits(text):
    """Return the digits of a mobile number however it is written (+86, spaces, hyphens, full width), or the text as it is."""
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text or ""))
    short = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", plain)
    return short if short.isdecimal() else plain


def is_mobile(digits):
    """True for the 11 digits of a mobile number."""
    return bool(re.fullmatch(r"1[0-9]{10}", digits))


def masked_phone(phone):
    """`138****0012`: enough to recognise, not to call (R68)."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) >= 8 else "****" if phone else ""


def is_email(text):
    """True for the usual form of an address; whether it exists, only a mail shows."""
    return (
        bool(re.fullmatch(r"[^@\s<>,;\"']{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?\.[A-Za-z]{2,24}", text))
        and ".." not in text
    )


def roles_clash(roles):
    """True when the set holds auditor beside another role: who checks must not act (R54)."""
    return AUDITOR in roles and len(roles - {TRAINEE}) > 1


def is_account(text):
    """True for an account or staff number: 2 to 50 small letters, digits, `. _ - @`, beginning with a letter or digit."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9._@\-]{1,49}", text))


def is_masked(text):
    """True for a number as `masked_phone` shows it."""
    return bool(re.fullmatch(r"[0-9]{3}\*{4}[0-9]{4}", text))


ENDS_WITH_POST = {LIAISON}  # roles that speak for the unit one works in: they end when one leaves it
