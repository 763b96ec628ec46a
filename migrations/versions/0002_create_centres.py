"""create centres"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("search_key", sa.String(length=500), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint("name_kk <> ''", name=op.f("ck_centre_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("region", "name_kk", name=op.f("uq_centre_region_name_kk")),
    )
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_centre_sort_key"), ["sort_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_sort_key"))
        batch_op.drop_index(batch_op.f("ix_centre_region"))

    op.drop_table("centre")
