"""add counts of whole months, added up from those of days"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "monthly_count",
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "measure", "month", "region", "part", name=op.f("pk_monthly_count")
        ),
        sqlite_with_rowid=False,
    )
    daily = sa.table(
        "daily_count",
        sa.column("measure"), sa.column("day"), sa.column("region"), sa.column("part"),
        sa.column("number"),
    )  # fmt: skip
    month = sa.func.substr(sa.cast(daily.c.day, sa.String), 1, 7)
    places = [sa.literal_column(place) for place in ("1", "2", "3", "4")]
    rows = sa.select(
        daily.c.measure, month, daily.c.region, daily.c.part, sa.func.sum(daily.c.number)
    ).group_by(*places)
    names = ["measure", "month", "region", "part", "number"]
    op.execute(sa.insert(table).from_select(names, rows))


def downgrade() -> None:
    op.drop_table("monthly_count")
