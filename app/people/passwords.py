"""Passwords: argon2id hashes and random one-time passwords (R39, R40). Hashing takes a while: never inside a unit of work."""

import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # argon2id, 19 MiB
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike: i l o 0 1
CODE_GROUPS, CODE_GROUP = 3, 4  # 12 letters of 31: 59 random bits
COMMON_FILE = Path(__file__).with_name("common_passwords.txt")


def hash_password(text):
    """Return the hash to store of a password."""
    return HASHER.hash(_bytes(text))


def matches(stored, text):
    """True when `text` is the password of the hash `stored`. Takes the same time when `stored` is None (R42)."""
    try:
        return HASHER.verify(stored or _nobodys_hash(), _bytes(text)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored):
    """True when the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def new_code():
    """Return a random one-time password such as `k7m3-9xqt-4hwd`."""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


@lru_cache
def common_passwords():
    """The shipped list of passwords that many people choose, in lower case."""
    lines = COMMON_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


@lru_cache
def _nobodys_hash():
    return HASHER.hash(secrets.token_bytes(16))


def _bytes(text):
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
