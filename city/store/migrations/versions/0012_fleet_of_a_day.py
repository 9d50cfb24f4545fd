"""A fleet may be that of one day alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fleet", sa.Column("day", sa.Date()))


def downgrade() -> None:
    op.drop_column("fleet", "day")
