"""What people labelled in photos."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo_review",
        sa.Column("municipality_id", sa.String(length=64), nullable=False),
        sa.Column("photo_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_photo_review_municipality")
        ),
        sa.PrimaryKeyConstraint(
            "municipality_id", "photo_id", "number", name=op.f("pk_photo_review")
        ),
    )


def downgrade() -> None:
    op.drop_table("photo_review")
