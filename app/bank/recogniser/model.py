"""What recognition gives back: questions, each with its problems, and the problems of the text as a whole."""

from dataclasses import dataclass, field

from app.bank.problems import Problem

EASY, MEDIUM, HARD = "易", "中", "难"
LEVELS = {EASY: 1, MEDIUM: 2, HARD: 3}


@dataclass(slots=True)
class Question:
    """One recognised question. `kind` is None when nothing shows it; `key` is as in a body; `lines` count from 1.

    `difficulty` is 易, 中, 难 or None. `points` is what the paper gave for it, if it said so."""

    number: int | None
    kind: str | None
    stem: str
    options: list
    key: list
    explanation: str
    topic: str | None
    difficulty: str | None
    source: str | None
    lines: tuple
    problems: list = field(default_factory=list)
    points: str | None = None
    section: str | None = None
    ordered: bool = True

    @property
    def has_errors(self):
        """True when the question cannot be used before somebody mends it."""
        return any(problem.is_error for problem in self.problems)

    @property
    def level(self):
        """Difficulty as it is stored: 1 easy, 2 medium, 3 hard; None when not said."""
        return LEVELS.get(self.difficulty) if self.difficulty is not None else None

    def body(self):
        """Return the body as app.bank.kinds reads and stores it."""
        options = [{"label": option["label"], "text": option["text"], "pinned": False} for option in self.options]
        body = {"stem": self.stem, "options": options, "key": self.key, "explanation": self.explanation}
        return body if self.ordered else {**body, "ordered": False}

    def meta(self):
        """Return what goes with a body: number, topic, difficulty, source."""
        return {"number": self.number, "topic": self.topic, "difficulty": self.difficulty, "source": self.source}

    def as_json(self):
        return {
            "number": self.number,
            "kind": self.kind,
            "stem": self.stem,
            "options": self.options,
            "key": self.key,
            "explanation": self.explanation,
            "topic": self.topic,
            "difficulty": self.difficulty,
            "source": self.source,
            "lines": list(self.lines),
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(slots=True)
class Recognition:
    """All that was found. `roles` says for each line (index 0 is line 1) what it was taken for: "blank", "question",
    "heading", "key_table", "stray" (reported in a problem) or "skipped" (by a correction)."""

    questions: list
    problems: list
    roles: list = field(default_factory=list)
    text: str = ""

    @property
    def usable(self):
        """The questions that can be imported as they are."""
        return [question for question in self.questions if not question.has_errors]

    @property
    def flagged(self):
        """The questions with any problem, warnings among them."""
        return [question for question in self.questions if question.problems]

    def all_problems(self):
        """Return every Problem, of the text and of its questions, in the order of their lines."""
        found = [*self.problems, *(problem for question in self.questions for problem in question.problems)]
        return sorted(found, key=lambda problem: problem.line or 0)

    def as_json(self):
        """Return the documented JSON (docs/recogniser.md)."""
        return {
            "questions": [question.as_json() for question in self.questions],
            "problems": [problem.as_json() for problem in self.problems],
        }


__all__ = ["Problem", "Question", "Recognition"]
