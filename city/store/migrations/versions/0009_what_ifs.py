"""What days would come to by other thresholds."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "what_if",
        sa.Column("municipality_id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("under", sa.String(length=64), nullable=False),
        sa.Column("must_p_overflow", sa.Float(), nullable=False),
        sa.Column("overflow_price_cents", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_what_if_municipality")
        ),
        sa.PrimaryKeyConstraint(
            "municipality_id",
            "plan_id",
            "under",
            "must_p_overflow",
            "overflow_price_cents",
            name=op.f("pk_what_if"),
        ),
    )


def downgrade() -> None:
    op.drop_table("what_if")
