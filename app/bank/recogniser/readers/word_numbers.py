"""Word's automatic numbers: the "2．" and "A．" that stand in no paragraph's text, counted as Word counts them."""

from collections.abc import Callable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHINESE = "〇一二三四五六七八九"
LEVELS = 9
STYLE_DEPTH = 12  # steps up a chain of styles


def chinese(number):
    """Return 1 as 一, 12 as 十二, 105 as 一百零五."""
    if number < 10:
        return CHINESE[number]
    if number < 20:
        return "十" + (CHINESE[number % 10] if number % 10 else "")
    if number < 100:
        return CHINESE[number // 10] + "十" + (CHINESE[number % 10] if number % 10 else "")
    if number < 1000:
        rest = number % 100
        tail = "" if not rest else ("零" if rest < 10 else "一" if rest < 20 else "") + chinese(rest)
        return CHINESE[number // 100] + "百" + tail
    return "".join(CHINESE[int(digit)] for digit in str(number))


def letters(number):
    """Return 1 as A, 27 as AA, as Word does."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number):
    text = ""
    for value, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        text += sign * (number // value)
        number %= value
    return text


def circled(number):
    return chr(ord("①") + number - 1) if 1 <= number <= 20 else str(number)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "decimalHalfWidth": str,
    "upperLetter": letters,
    "lowerLetter": lambda number: letters(number).lower(),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": chinese,
    "japaneseDigitalTenThousand": chinese,
    "taiwaneseDigital": chinese,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "ordinal": str,
}


def _val(element, name, default=None):
    child = element.find(W + name) if element is not None else None
    return child.get(W + "val", default) if child is not None else default


class Numbers:
    """Counts the lists of one document. `label(paragraph properties)` gives the text of a paragraph's number, "" without one.

    numbering, styles: the root elements of numbering.xml and styles.xml, or None.
    """

    def __init__(self, numbering, styles):
        self.abstract, self.nums, self.styles = {}, {}, {}
        self.counters, self.started = {}, set()
        for element in styles.iterfind(W + "style") if styles is not None else ():
            self.styles[element.get(W + "styleId")] = element
        if numbering is None:
            return
        for element in numbering.iterfind(W + "abstractNum"):
            self.abstract[element.get(W + "abstractNumId")] = element
        for element in numbering.iterfind(W + "num"):
            self.nums[element.get(W + "numId")] = element

    def label(self, properties):
        """Return the number's text with what parts it from the words, and count it. "" for paragraphs without a number."""
        num_id, level = self._place(properties)
        if num_id in (None, "0") or num_id not in self.nums or not 0 <= level < LEVELS:
            return ""
        abstract_id = self._abstract_id(num_id)
        definition = self._level(abstract_id, num_id, level)
        if definition is None:
            return ""
        counts = self.counters.setdefault(abstract_id, {})
        self._count(counts, abstract_id, num_id, level)
        if _val(definition, "numFmt", "decimal") in ("bullet", "none"):
            return ""
        text = self._text(definition, counts, abstract_id, num_id)
        return text + ("" if _val(definition, "suff") == "nothing" else " ") if text else ""

    def _place(self, properties):
        """Return (numId, level) from the paragraph or the styles it is based on."""
        if properties is None:
            return None, 0
        num_id, level = _num_pr(properties)
        style = _val(properties, "pStyle")
        for _ in range(STYLE_DEPTH):
            if num_id is not None or style not in self.styles:
                break
            element = self.styles[style]
            num_id, found = _num_pr(element.find(W + "pPr"))
            level = found if level is None else level
            style = _val(element, "basedOn")
        return num_id, level or 0

    def _abstract_id(self, num_id):
        """Follow a list style's link to the definition that holds the levels."""
        abstract_id = _val(self.nums[num_id], "abstractNumId")
        link = _val(self.abstract.get(abstract_id), "numStyleLink")
        if link is not None and link in self.styles:
            linked, _ = _num_pr(self.styles[link].find(W + "pPr"))
            if linked in self.nums:
                return _val(self.nums[linked], "abstractNumId")
        return abstract_id

    def _level(self, abstract_id, num_id, level):
        override = self._override(num_id, level)
        own = override.find(W + "lvl") if override is not None else None
        if own is not None:
            return own
        abstract = self.abstract.get(abstract_id)
        for element in abstract.iterfind(W + "lvl") if abstract is not None else ():
            if element.get(W + "ilvl") == str(level):
                return element
        return None

    def _override(self, num_id, level):
        for element in self.nums[num_id].iterfind(W + "lvlOverride"):
            if element.get(W + "ilvl") == str(level):
                return element
        return None

    def _start(self, abstract_id, num_id, level):
        override = self._override(num_id, level)
        text = _val(override, "startOverride") or _val(self._level(abstract_id, num_id, level), "start", "1")
        return int(text) if text.isdigit() else 1

    def _count(self, counts, abstract_id, num_id, level):
        """Add one at this level; deeper ones begin again. A list that restarts does so where it is first used."""
        restarts = self._override(num_id, level) is not None and _val(self._override(num_id, level), "startOverride") is not None
        if restarts and (num_id, level) not in self.started:
            counts.pop(level, None)
        self.started.add((num_id, level))
        counts[level] = counts[level] + 1 if level in counts else self._start(abstract_id, num_id, level)
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

    def _text(self, definition, counts, abstract_id, num_id):
        text = _val(definition, "lvlText", "")
        for other in range(LEVELS):
            sign = f"%{other + 1}"
            if sign in text:
                level = self._level(abstract_id, num_id, other)
                written = FORMATS.get(_val(level, "numFmt", "decimal"), str)
                text = text.replace(sign, written(counts.get(other, self._start(abstract_id, num_id, other))))
        return text.strip()


def _num_pr(properties):
    """Return (numId, level) of paragraph properties, None where they say nothing."""
    element = properties.find(W + "numPr") if properties is not None else None
    if element is None:
        return None, None
    level = _val(element, "ilvl")
    return _val(element, "numId"), int(level) if level is not None and level.isdigit() else None
