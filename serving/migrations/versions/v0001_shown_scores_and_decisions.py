"""Keep what was shown and what was decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "earlyhelp"
# Made before any step runs: it may insert and select, and owns nothing.
SERVICE_ROLE = "earlyhelp_service"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "shown_score",
        sa.Column("score_id", sa.String, primary_key=True),
        sa.Column("child_id", sa.String, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("model_version", sa.String, nullable=False),
        sa.Column("answer", sa.Text, nullable=False, comment="JSON, letter by letter as it was shown"),
        sa.Column("inputs", sa.Text, nullable=False, comment="JSON of the indicators as they were scored"),
        sa.Column("sha256", sa.String(64), nullable=False, comment="of answer and inputs; decisions repeat it"),
        sa.Column("seen_by", sa.String, nullable=False),
        sa.Column("seen_role", sa.String, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("shown_score_child", "shown_score", ["child_id"], schema=SCHEMA)
    op.create_table(
        "shown_again",
        sa.Column("score_id", sa.String, sa.ForeignKey(f"{SCHEMA}.shown_score.score_id"), nullable=False),
        sa.Column("seen_by", sa.String, nullable=False),
        sa.Column("seen_role", sa.String, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("shown_again_score", "shown_again", ["score_id"], schema=SCHEMA)
    op.create_table(
        "decision",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("score_id", sa.String, sa.ForeignKey(f"{SCHEMA}.shown_score.score_id"), nullable=False),
        sa.Column("shown_sha256", sa.String(64), nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("family_view", sa.Text),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("entry_hash", sa.String(64), nullable=False, unique=True),
        sa.CheckConstraint("position >= 1", name="decision_position"),
        schema=SCHEMA,
    )
    op.create_index("decision_score", "decision", ["score_id"], schema=SCHEMA)
    for table in ("shown_score", "shown_again", "decision"):
        op.execute(f"GRANT SELECT, INSERT ON {SCHEMA}.{table} TO {SERVICE_ROLE}")


def downgrade() -> None:
    """Refuse: what was shown and decided is never thrown away by a migration."""
    raise RuntimeError("what was shown and decided is kept")
