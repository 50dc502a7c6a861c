"""How one attempt shows its questions: which seed orders the options of which question.

Whoever maps displayed letters back (marking, review, exports) must use the same seed; `queries.answers` does it for them.
"""

from app.papers.rules import mixed


def option_seed(attempt_seed, version_id):
    """Return the seed for the options of one question in one attempt; each question gets an order of its own."""
    return mixed(attempt_seed, "options", version_id)
