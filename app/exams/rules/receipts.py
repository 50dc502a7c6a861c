"""The number on a receipt: made from the attempt and the time it was handed in, so that it needs no row of its own."""

import hmac

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is mistaken for another
LENGTH = 8


def receipt_code(key, attempt_id, submitted_at):
    """Return the receipt number, such as 7K2M94QX, of an attempt handed in at an aware time."""
    number = int.from_bytes(
        hmac.digest(key, f"receipt|{attempt_id}|{submitted_at.timestamp():.6f}".encode(), "sha256")[:8], "big"
    )
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(LENGTH))


def shown_code(code):
    """Return a receipt number as people read it: 7K2M-94QX."""
    return f"{code[:4]}-{code[4:]}" if code else ""
