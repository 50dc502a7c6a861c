"""What single and multiple choice share: checking options, showing them in order, mapping displayed letters back."""

from collections import Counter

from app.bank.kinds import order
from app.bank.kinds.base import OPTION_LONGEST, Kind, as_list
from app.bank.kinds.marks import BadResponse
from app.bank.problems import Problem

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Choice(Kind):
    """A question with lettered options; its key is a list of labels."""

    def own_problems(self, body):
        return [*option_problems(body.get("options") or []), *self.key_problems(body)]

    def key_problems(self, body):
        """Return what is wrong with the key: nothing there, or letters that no option has."""
        key, labels = body.get("key") or [], [option["label"] for option in body.get("options") or []]
        if not key:
            return [Problem(None, "no_key")]
        strange = [label for label in key if label not in labels]
        if strange and labels:
            return [Problem(None, "key_not_in_options", {"key": "、".join(strange), "labels": "、".join(labels)})]
        if len(set(key)) != len(key):
            return [Problem(None, "key_repeated", {"key": "、".join(key)})]
        return []

    def option_order(self, body, seed, shuffle=True):
        return order.option_order(body, seed, shuffle)

    def presented(self, body, seed, shuffle=True):
        texts = {option["label"]: option["text"] for option in body["options"]}
        labels = self.option_order(body, seed, shuffle)
        options = [{"letter": LETTERS[i], "text": texts[label]} for i, label in enumerate(labels)]
        return {"kind": self.name, "stem": body["stem"], "options": options, "blanks": 0}

    def normalised(self, body, response, seed=0, shuffle=True):
        labels = self.option_order(body, seed, shuffle)
        chosen = set()
        for letter in as_list(response):
            place = LETTERS.find(letter) if len(letter) == 1 else -1
            if not 0 <= place < len(labels):
                raise BadResponse("no_such_option", letter=letter[:5])
            chosen.add(labels[place])
        if len(chosen) != len(response):
            raise BadResponse("option_twice")
        return sorted(chosen)


def option_problems(options):
    """Return what is wrong with a list of options: too few, a label missing or twice, a text empty, long or twice."""
    if not options:
        return [Problem(None, "missing_options")]
    found = []
    labels = [option["label"] for option in options]
    if len(options) == 1:
        found.append(Problem(None, "single_option", {"label": labels[0]}))
    if len(options) > len(LETTERS):
        found.append(Problem(None, "too_many_options", {"count": len(options)}))
    found += [Problem(None, "duplicate_label", {"label": label}) for label, count in Counter(labels).items() if count > 1]
    found += [Problem(None, "missing_option", {"label": label}) for label in missing_labels(labels)]
    for option in options:
        if not option["text"].strip():
            found.append(Problem(None, "empty_option", {"label": option["label"]}))
        elif len(option["text"]) > OPTION_LONGEST:
            params = {"label": option["label"], "count": len(option["text"]), "limit": OPTION_LONGEST}
            found.append(Problem(None, "option_too_long", params))
    return found + same_texts(options)


def missing_labels(labels):
    """Return the letters that a list of labels leaves out before its last one."""
    known = [LETTERS.index(label) for label in labels if label in LETTERS]
    return [LETTERS[i] for i in range(max(known, default=-1) + 1) if LETTERS[i] not in labels]


def same_texts(options):
    """Return a Problem for each option that repeats the text of an earlier one."""
    seen: dict[str, str] = {}
    found = []
    for option in options:
        text = "".join(option["text"].split())
        if text and text in seen:
            found.append(Problem(None, "same_option_text", {"first": seen[text], "label": option["label"]}))
        seen.setdefault(text, option["label"])
    return found
