"""The recogniser: plain text as trainers write it → questions with their problems. Pure, linear, nothing guessed silently.

docs/recogniser.md says what it understands and shows how well it does on real files.
"""

from app.bank.problems import Problem
from app.bank.recogniser.model import Question, Recognition
from app.bank.recogniser.readers import SourceRefused, read_source, recognise_file
from app.bank.recogniser.readers.tables import guess_columns, read_table, recognise_table
from app.bank.recogniser.recognising import MOST_PER_IMPORT, recognise
from app.bank.recogniser.report import report_text

__all__ = [
    "MOST_PER_IMPORT",
    "Problem",
    "Question",
    "Recognition",
    "SourceRefused",
    "guess_columns",
    "read_source",
    "read_table",
    "recognise",
    "recognise_file",
    "recognise_table",
    "report_text",
]
