"""The attempt token (R15): proof enough to save answers, without session, person or attempt row.

`<key id>.<fields>.<HMAC-SHA256>`; the key id lets an older key stay valid while a new one signs (R69). What may have
changed since (state, takeover, due time) is checked in the transaction of the save.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 200  # characters; anything longer is not ours


class Claims(NamedTuple):
    """What a token proves: this person's attempt, on this device generation, as it was when the page was made."""

    attempt_id: int
    person_id: int
    generation: int
    due_ms: int  # the due time the page was told, in milliseconds since 1970
    count: int  # type: ignore[assignment]  # how many questions: positions run from 1 to this
    locale: int  # which of the app's languages the page speaks
    filled: int = 0  # 1: the page's fields held the saved answers, so that an empty field means "cleared"

    @property
    def due_at(self):
        return EPOCH + timedelta(milliseconds=self.due_ms)


def milliseconds(moment):
    """Return an aware time as whole milliseconds since 1970, rounded down."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


class Keyring:
    """Signs with the first key, accepts all of them."""

    def __init__(self, *keys):
        self._keys = {_key_id(key): key for key in reversed(keys)}
        self._newest = _key_id(keys[0])

    def sign(self, claims):
        """Return the token of `claims`."""
        text = f"{self._newest}.{'-'.join(map(str, claims))}"
        return f"{text}.{_seal(self._keys[self._newest], text).decode()}"

    def read(self, token):
        """Return the Claims of a genuine token, else None."""
        text, _, seal = (token or "")[:LONGEST].rpartition(".")
        key_id, _, fields = text.partition(".")
        key = self._keys.get(key_id)
        if key is None or not hmac.compare_digest(_seal(key, text), seal.encode()):
            return None
        return Claims(*map(int, fields.split("-")))


def _key_id(key):
    return hashlib.sha256(b"key id" + key).hexdigest()[:6]


def _seal(key, text):
    seal = hmac.new(
        key, text.encode(), "sha256"
    ).digest()  # hmac.digest lets other threads in each time, for a microsecond's work
    return urlsafe_b64encode(seal).rstrip(b"=")
