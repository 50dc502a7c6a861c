"""a question's current version is one of the versions; SQLite cannot add a foreign key to a table that exists

Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = "fk_questions_current_version_id"


def upgrade():
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(NAME, "questions", "question_versions", ["current_version_id"], ["id"])


def downgrade():
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(NAME, "questions", type_="foreignkey")
