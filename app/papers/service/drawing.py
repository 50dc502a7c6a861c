"""Which questions an attempt gets: fixed ones as they stand, drawn ones by the attempt's seed, no question twice."""

from app.papers import queries, rules


class Drawer:
    """Draws any number of attempts from one paper: reads the database once.

    partial: give what there is where a draft's draw asks for more than that (previews of drafts).
    """

    def __init__(self, paper, *, partial=False):
        self.sections = queries.contents(paper)
        self.pools = {section.id: section.levels for section in self.sections if section.draw}
        self.draws = {section.id: section.draw for section in self.sections if section.draw}
        self.turns = rules.draw_order(self.pools)
        self.partial = partial

    def items(self, seed, shuffle_questions=True):
        """Return [[version_id, section_id], …] for one attempt, sections in order; the same seed gives the same list for ever.

        Raises rules.TooFew when a section cannot be filled; a frozen paper always can.
        """
        drawn = self._drawn(seed)
        listed = [
            [version_id, section.id]
            for section in self.sections
            for version_id in (drawn[section.id] if section.draw else [entry.version_id for entry in section.entries])
        ]
        return rules.order(listed, seed, shuffle_questions)

    def _drawn(self, seed):
        taken, drawn = set(), {}
        for section_id in self.turns:
            pool = [entry for entry in self.pools[section_id] if entry[0] not in taken]
            count, difficulty = self._asked(self.draws[section_id], pool)
            drawn[section_id] = rules.draw(pool, count, difficulty, rules.mixed(seed, "draw", section_id))
            taken.update(drawn[section_id])
        return drawn

    def _asked(self, draw, pool):
        if not self.partial:
            return draw["count"], draw.get("difficulty")
        return rules.within(draw, pool)


def items_for_attempt(paper, seed, shuffle_questions=True):
    """Return [[version_id, section_id], …] of one attempt. For many attempts make one Drawer(paper) and call its items()."""
    return Drawer(paper).items(seed, shuffle_questions)
