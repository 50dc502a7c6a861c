"""An import on its way: begun with a text or a table, its text and choices kept, its good questions stored, ended."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.bank.errors import ImportFinished, TooMuchText
from app.bank.imports import fixes
from app.bank.imports.child import MOST_CHARACTERS
from app.bank.models import ImportBatch
from app.bank.service.storing import store_questions
from app.core import files
from app.core.db import db
from app.core.errors import Stale

OPEN, IMPORTED = "open", "imported"
KEEP_TABLE = timedelta(days=2)
MOST_LISTED = 500  # skipped questions whose numbers are kept for the page after the import


def start_import(bank_id, *, author, now, text="", filename=""):
    """Begin an import into a bank; return it. Raises TooMuchText."""
    _require_fitting(text)
    batch = ImportBatch(
        bank_id=bank_id, filename=filename[:200], text=text, overrides={}, settings={}, state=OPEN, imported=0, created_by_id=author.id,
        created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    return batch


def _require_fitting(text):
    if len(text) > MOST_CHARACTERS:
        raise TooMuchText(count=len(text), most=MOST_CHARACTERS)


def require_open(batch):
    """Raise ImportFinished unless the locked import is still going on."""
    if batch.state != OPEN:
        raise ImportFinished


def keep_text(batch, text, *, seen, now):
    """Keep the text as typed; choices move along with their lines. seen: the version that the window had, None to insist.

    Raises Stale when another window saved meanwhile, TooMuchText, ImportFinished.
    """
    require_open(batch)
    if seen is not None and seen != batch.version:
        raise Stale
    _require_fitting(text)
    if text == batch.text:
        return
    batch.overrides = fixes.moved(batch.overrides, batch.text, text)
    batch.settings = {
        name: value for name, value in batch.settings.items() if name != "marks"
    }  # places in lines that are no more
    batch.text, batch.updated_at = text, now


def keep_settings(batch, values, *, now):
    """Keep what is to be filled in for all questions: {"topic", "source", "review"}."""
    settings = {**batch.settings, **values}
    if settings != batch.settings:
        batch.settings, batch.updated_at = settings, now


def choose(batch, line, *, now, **values):
    """Keep a choice for the question that begins in a line: key, kind, do; None takes one back."""
    require_open(batch)
    batch.overrides, batch.updated_at = fixes.chosen(batch.overrides, line, **values), now


def add_read(batch, read, filename, *, now):
    """Put what a file gave below the text that is there. A Word file's coloured places are kept while its text is alone."""
    require_open(batch)
    alone = not batch.text.strip()
    text = read.text if alone else f"{batch.text.rstrip()}\n\n{read.text}"
    _require_fitting(text)
    batch.text, batch.file_id, batch.updated_at = text.replace("\r\n", "\n").replace("\r", "\n"), None, now
    batch.overrides = {} if alone else batch.overrides
    notes = [[problem.line, problem.message] for problem in read.problems[:50]]
    settings = {name: value for name, value in batch.settings.items() if name not in ("marks", "sheets")}
    batch.settings = settings | {"notes": notes} | ({"marks": read.marks} if alone and read.marks else {})
    batch.filename = filename[:200] if alone or not batch.filename else batch.filename


def keep_table(batch, sheets, data, filename, *, now):
    """Keep a table until a person has named its columns. sheets: its first rows, see reading.Read."""
    require_open(batch)
    file = files.store(data, filename, "application/octet-stream", owner_id=batch.created_by_id, expires_at=now + KEEP_TABLE)
    batch.file_id, batch.updated_at = file.id, now
    batch.settings = {**batch.settings, "sheets": sheets}


def store_import(batch, examined, *, author, now):
    """Store all questions of a locked import that are ready, in one go; return (Stored, how many still need work).

    When none of them needs work any more, the import is finished and its text let go.
    """
    require_open(batch)
    ready = examined.drafts(batch.settings)
    again = {place for place, (card, _) in enumerate(ready) if card.choice.get("do") == fixes.IMPORT}
    stored = store_questions(
        batch.bank_id, [draft for _, draft in ready], author=author, now=now, again=again, filename=batch.filename
    )
    left = {place for place, _ in stored.skipped}
    choices = dict(batch.overrides)
    for place, (card, _) in enumerate(ready):
        if place not in left:
            choices[str(card.line)] = {**choices.get(str(card.line), {}), "do": fixes.DONE}
    batch.overrides, batch.imported, batch.updated_at = choices, batch.imported + stored.count, now
    _note_outcome(batch, stored)
    waiting = examined.counts["todo"]
    if not waiting:
        finish(batch, examined, now=now)
    return stored, waiting


def _note_outcome(batch, stored):
    if stored.count:
        batch.settings = {**batch.settings, "stored": [*batch.settings.get("stored", []), [stored.first, stored.last]]}


def finish(batch, examined, *, now):
    """End a locked import: its text is let go, what was left out is kept as a list of [line, number in the bank or None]."""
    require_open(batch)
    left_out = [
        [card.line, getattr(card.same, "number", None)]
        for card in examined.cards
        if card.state in ("same", "skipped", "error", "like")
    ]
    batch.settings = {"stored": batch.settings.get("stored", []), "left_out": left_out[:MOST_LISTED], "left_count": len(left_out)}
    batch.state, batch.imported_at, batch.updated_at = IMPORTED, now, now
    batch.text, batch.overrides, batch.file_id = "", {}, None


def discard(batch):
    """Throw a locked import away; what it stored stays in the bank."""
    require_open(batch)
    db.session.delete(batch)


def forget_tables(now):
    """Take back the tables that nobody named the columns of; return the paths to delete once this is stored."""
    query = select(ImportBatch).options(joinedload(ImportBatch.file)).join(ImportBatch.file)
    batches = db.session.scalars(query.where(files.StoredFile.expires_at <= now)).all()
    paths = []
    for batch in batches:
        assert batch.file is not None  # by the join
        paths.append(batch.file.path)
        db.session.delete(batch.file)
        batch.file_id, batch.settings = None, {name: value for name, value in batch.settings.items() if name != "sheets"}
    return paths
