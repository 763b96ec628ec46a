"""create programme indicators and their targets"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_indicator_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    _create_editions()
    op.create_table(
        "indicator_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("year between 2026 and 2030", name=op.f("ck_indicator_target_year")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_target_indicator_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_indicator_target_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_target")),
    )
    with op.batch_alter_table("indicator_target", schema=None) as batch_op:
        batch_op.create_index(
            "ix_indicator_target_indicator", ["indicator_id", "year", "id"], unique=False
        )
    op.create_table(
        "indicator_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["indicator_edition.id"], name=op.f("fk_indicator_fact_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_fact")),
        sa.UniqueConstraint("edition_id", "year", name=op.f("uq_indicator_fact_edition_id_year")),
    )


def _create_editions() -> None:
    op.create_table(
        "indicator_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.String(length=300), nullable=False),
        sa.Column("name_ru", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("formula", sa.String(length=7), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("part", sa.String(length=30), nullable=True),
        sa.Column("base", sa.String(length=40), nullable=True),
        sa.Column("base_part", sa.String(length=30), nullable=True),
        sa.Column("factor", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=True),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(formula = 'lasting') = (measure is null) and "
            "(formula = 'lasting') = (months is not null)",
            name=op.f("ck_indicator_edition_formula_is_whole"),
        ),
        sa.CheckConstraint(
            "(formula = 'ratio') = (base is not null) and "
            "(formula = 'ratio') = (factor is not null)",
            name=op.f("ck_indicator_edition_ratio_is_whole"),
        ),
        sa.CheckConstraint(
            "direction in ('more', 'less')", name=op.f("ck_indicator_edition_direction")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_edition_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user.id"], name=op.f("fk_indicator_edition_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_edition")),
    )
    with op.batch_alter_table("indicator_edition", schema=None) as batch_op:
        batch_op.create_index(
            "ix_indicator_edition_indicator", ["indicator_id", "id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("indicator_fact")
    op.drop_table("indicator_target")
    op.drop_table("indicator_edition")
    op.drop_table("indicator")
