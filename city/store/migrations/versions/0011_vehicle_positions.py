"""Where trucks are, for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vehicle_position",
        sa.Column("municipality_id", sa.String(length=64), nullable=False),
        sa.Column("vehicle_id", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_vehicle_position_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "vehicle_id", name=op.f("pk_vehicle_position")),
    )


def downgrade() -> None:
    op.drop_table("vehicle_position")
