"""What was seen last is found without reading the whole ledger."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_evidence_municipality_id_seen_at"


def upgrade() -> None:
    op.create_index(op.f(INDEX), "evidence", ["municipality_id", "seen_at"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "evidence")
