"""append-only tables: the database itself refuses to change history

Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("audit_entries", "question_versions", "receipts", "mark_sheets", "adjustments", "late_responses")
FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"""


def upgrade():
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.get_bind().exec_driver_sql(FUNCTION)
    for table in TABLES:
        if not sqlite:
            op.execute(f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade():
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if not sqlite:
            op.execute(f"DROP TRIGGER guard_{table} ON {table}")
            continue
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER guard_{table}_{act}")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
