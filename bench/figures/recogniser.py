"""The recogniser on a text of 5,000 questions in mixed forms."""

import time

from app.bank.recogniser import recognise
from bench.question_text import shipped, text_of
from bench.results import at_most

QUESTIONS, MOST_SECONDS = 5000, 2


def measure(name, options):
    """Return the row: seconds for the whole text."""
    text, keys = text_of(QUESTIONS, shipped())
    rounds = []
    for _ in range(options.repeats):
        begun = time.perf_counter()
        found = recognise(text)
        rounds.append(time.perf_counter() - begun)
    right = sum(question.key == key for question, key in zip(found.questions, keys, strict=False))
    assert len(found.questions) == QUESTIONS and right > 0.97 * QUESTIONS, (
        f"{len(found.questions)} questions, {right} keys as written"
    )
    note = f"recogniser: {len(text):,} characters; {right / QUESTIONS:.1%} of the keys come out as they were written"
    return [at_most(f"recogniser, {QUESTIONS:,} questions", name, rounds, "s", MOST_SECONDS)], [note]
