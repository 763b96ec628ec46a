"""create the summary tables of figures"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_fact",
        sa.Column("match_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("centre_kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("training", sa.String(length=4), nullable=False),
        sa.Column("distance", sa.String(length=6), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.String(length=9), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("ended_by", sa.String(length=12), nullable=True),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("training_hours", sa.Double(), nullable=False),
        sa.Column("first_due", sa.Integer(), nullable=False),
        sa.Column("first_on_time", sa.Integer(), nullable=False),
        sa.Column("first_meetings", sa.Integer(), nullable=False),
        sa.Column("first_minutes", sa.Integer(), nullable=False),
        sa.Column("first_rating_sum", sa.Integer(), nullable=False),
        sa.Column("first_rating_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_match_fact")),
    )
    op.create_index("ix_match_fact_region", "match_fact", ["region"], unique=False)
    op.create_table(
        "daily_count",
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "day", "region", "part", name=op.f("pk_daily_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stock_day",
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "day", name=op.f("pk_stock_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_figure_build_seconds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_build")),
    )


def downgrade() -> None:
    op.drop_table("figure_build")
    op.drop_table("stock_day")
    op.drop_table("daily_count")
    op.drop_index("ix_match_fact_region", table_name="match_fact")
    op.drop_table("match_fact")
