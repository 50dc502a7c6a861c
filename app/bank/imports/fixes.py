"""What a person chose for recognised questions, kept by the line each begins in, and moved along when the text is edited.

One choice is {"key": [...], "kind": "...", "do": "skip" | "import" | "done"}; "done" means stored by this import.
"""

from difflib import SequenceMatcher

SKIP, IMPORT, DONE = "skip", "import", "done"
MOST_COMPARED = 600  # changed lines that are compared one by one; a larger change keeps only what stands around it


def corrections(choices):
    """Return what the recogniser takes: {line: {"key", "kind"}}, without what only the import cares about."""
    kept = ((int(line), {name: choice[name] for name in ("key", "kind") if name in choice}) for line, choice in choices.items())
    return {line: correction for line, correction in kept if correction}


def chosen(choices, line, **values):
    """Return the choices with some values set for one line; None takes a value away."""
    choice = {name: value for name, value in {**choices.get(str(line), {}), **values}.items() if value is not None}
    others = {key: value for key, value in choices.items() if key != str(line)}
    return {**others, str(line): choice} if choice else others


def moved(choices, old, new):
    """Return the choices as they belong to an edited text. old, new: the text before and after.

    Choices for lines that were taken out or rewritten together with others are dropped.
    """
    if not choices or old == new:
        return choices
    place = line_moves(old.split("\n"), new.split("\n"))
    return {str(place(int(line))): choice for line, choice in choices.items() if place(int(line))}


def line_moves(old, new):
    """Return a function from the number of a line before (from 1) to its number after, or None."""
    same = _common(old, new)
    tail = _common(old[same:][::-1], new[same:][::-1])
    between = _between(old[same : len(old) - tail], new[same : len(new) - tail])

    def place(line):
        at = line - 1
        if at < same:
            return line
        if at >= len(old) - tail:
            return line + len(new) - len(old)
        return same + between[at - same] + 1 if between.get(at - same) is not None else None

    return place


def _common(one, other):
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _between(old, new):
    """Return {place before: place after} inside the changed stretch."""
    if len(old) == len(new):
        return {i: i for i in range(len(old))}
    if len(old) > MOST_COMPARED or len(new) > MOST_COMPARED:
        return {}
    found = {}
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal" or op == "replace" and b - a == d - c:
            found |= {a + i: c + i for i in range(b - a)}
    return found
