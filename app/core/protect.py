"""Triggers that make the database itself refuse to change history (R73): audit entries, question versions, receipts, mark sheets."""

APPEND_ONLY = ("audit_entries", "question_versions", "receipts", "mark_sheets", "adjustments", "late_responses")

SQLITE_ADD = """CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
POSTGRES_ADD = """CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def add_guards(execute, dialect="sqlite"):
    """Create the triggers through `execute(sql)`."""
    if dialect != "sqlite":
        execute(POSTGRES_FUNCTION)
        for table in APPEND_ONLY:
            execute(POSTGRES_ADD.format(name=f"guard_{table}", table=table))
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            execute(SQLITE_ADD.format(name=f"guard_{table}_{act.lower()}", act=act, table=table))


def drop_guards(execute, dialect="sqlite"):
    """Drop them: for a migration that must rebuild a table, and for tests that empty the tables."""
    for table in APPEND_ONLY:
        if dialect != "sqlite":
            execute(f"DROP TRIGGER IF EXISTS guard_{table} ON {table}")
            continue
        for act in ("update", "delete"):
            execute(f"DROP TRIGGER IF EXISTS guard_{table}_{act}")
