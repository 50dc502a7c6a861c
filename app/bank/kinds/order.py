"""The order in which one candidate sees a question's options: the same for the same seed, on every machine."""

import re
from functools import lru_cache
from hashlib import blake2b

LAST = re.compile(
    r"以上.{0,6}(?:都|均|皆|全|是|不|正确|错误|没有|无)|^(?:全部|全都?|都|均|皆)(?:正?[对确]|是|不[是对])|^(?:全部|都|均)(?:正确|错误|不正确)|^全选$|^其他$|^其它$"
)
LETTERS = re.compile(
    r"(?<![A-Za-z])(?:[A-H](?:\s*[、,，和与及或]\s*[A-H])+|[A-H]{2,8})(?:\s*(?:都|均|皆|全|两|三|四|正确|错误|$|[。.]))|选项\s*[A-H]|(?<![A-Za-z])[A-H]\s*[项]"
)


def is_pinned(option):
    """True for an option that only makes sense at the end: marked so, or 以上都对 and its kind."""
    return bool(option.get("pinned")) or bool(LAST.search(option["text"].strip()))


def speaks_of_letters(body):
    """True when an option names others by letter ("A和B"), so that shuffling would make it wrong."""
    return any(LETTERS.search(option["text"].strip()) for option in body["options"])


def option_order(body, seed, shuffle=True):
    """Return the authored labels in the order shown for `seed`; pinned options come last, in their own order."""
    if not shuffle:
        return [option["label"] for option in body["options"]]
    free, last = _free_and_pinned(
        tuple((option["label"], option["text"], bool(option.get("pinned"))) for option in body["options"])
    )
    return [*sorted(free, key=lambda label: blake2b(f"{seed}|{label}".encode(), digest_size=8).digest()), *last]


@lru_cache(maxsize=4096)
def _free_and_pinned(options):
    """Return (labels that may move, labels that stay behind them) of ((label, text, pinned), …). Kept: reading the texts costs most."""
    options = [{"label": label, "text": text, "pinned": pinned} for label, text, pinned in options]
    if speaks_of_letters({"options": options}):
        return (), tuple(option["label"] for option in options)
    free = tuple(option["label"] for option in options if not is_pinned(option))
    return free, tuple(option["label"] for option in options if is_pinned(option))
