"""Attempt tokens: genuine or nothing, and an older key stays good while a new one signs."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.exams import tokens

CLAIMS = tokens.Claims(12, 7, 3, 1_775_000_000_000, 50, 0)
OLD, NEW = b"o" * 32, b"n" * 32
numbers = st.integers(0, 2**40)


@given(st.builds(tokens.Claims, *[numbers] * 7))
def test_what_was_signed_is_read_back(claims):  # R15
    ring = tokens.Keyring(NEW)
    assert ring.read(ring.sign(claims)) == claims


def test_two_keys_are_valid_while_keys_change():  # R69
    before, after = tokens.Keyring(OLD), tokens.Keyring(NEW, OLD)
    assert after.read(before.sign(CLAIMS)) == CLAIMS
    assert before.read(after.sign(CLAIMS)) is None
    assert tokens.Keyring(NEW).read(before.sign(CLAIMS)) is None


@given(place=st.integers(0, 200), letter=st.characters(codec="latin-1"))
def test_a_token_changed_anywhere_is_worth_nothing(place, letter):
    ring = tokens.Keyring(NEW)
    token = ring.sign(CLAIMS)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    assert changed == token or ring.read(changed) is None


@given(st.one_of(st.none(), st.text(max_size=300)))
def test_anything_else_is_no_token(text):
    assert tokens.Keyring(NEW).read(text) is None


def test_the_due_time_survives_to_the_millisecond():
    moment = datetime(2026, 4, 10, 3, 30, 0, 123_456, tzinfo=UTC)
    assert CLAIMS._replace(due_ms=tokens.milliseconds(moment)).due_at == moment.replace(microsecond=123_000)
