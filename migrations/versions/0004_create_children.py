"""create children"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("first_language", sa.String(length=4), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("patronymic", sa.String(length=100), nullable=True),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("iin", sa.String(length=500), nullable=True),
        sa.Column("iin_hash", sa.String(length=64), nullable=True),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_child_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("iin_hash", name=op.f("uq_child_iin_hash")),
    )
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_child_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(
            "ix_child_centre_waiting", ["centre_id", "waiting_since"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_child_sort_key"), ["sort_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_child_waiting_since"), ["waiting_since"], unique=False)

    op.create_table(
        "child_interest",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("interest", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_child_interest_child_id")
        ),
        sa.PrimaryKeyConstraint("child_id", "interest", name=op.f("pk_child_interest")),
    )
    op.create_table(
        "child_language",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_child_language_child_id")
        ),
        sa.PrimaryKeyConstraint("child_id", "language", name=op.f("pk_child_language")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "withdrawn_on is null or withdrawn_on >= given_on", name=op.f("ck_consent_dates")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_consent_child_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_consent_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_child_kind", ["child_id", "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_child_kind")

    op.drop_table("consent")
    op.drop_table("child_language")
    op.drop_table("child_interest")
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_waiting_since"))
        batch_op.drop_index(batch_op.f("ix_child_sort_key"))
        batch_op.drop_index("ix_child_centre_waiting")
        batch_op.drop_index(batch_op.f("ix_child_centre_id"))

    op.drop_table("child")
