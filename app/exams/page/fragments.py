"""Rendered questions: each once in a language, with places for the texts of its options.

Another order of the same options only puts the texts into other places, which needs no template.
"""


class Question:
    """One rendered question: `parts` of HTML around its options' `texts` (escaped HTML by authored label)."""

    __slots__ = ("parts", "texts")

    def __init__(self, parts=("",), texts=None):
        self.parts, self.texts = parts, texts or {}

    def html(self, order):
        """Return the question with its options in the order of these labels."""
        filled = [self.parts[0]]
        for label, part in zip(order, self.parts[1:], strict=True):
            filled += (self.texts[label], part)
        return "".join(filled)
