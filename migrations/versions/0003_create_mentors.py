"""create mentors"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mentor",
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("reach_km", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
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
        sa.CheckConstraint("capacity between 0 and 20", name=op.f("ck_mentor_capacity")),
        sa.CheckConstraint("reach_km between 0 and 3000", name=op.f("ck_mentor_reach")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mentor_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("iin_hash", name=op.f("uq_mentor_iin_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_mentor_user_id")),
    )
    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.create_index("ix_mentor_region_status", ["region", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentor_sort_key"), ["sort_key"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "expires_on is null or expires_on >= issued_on", name=op.f("ck_certificate_dates")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_certificate_mentor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "valid_until is null or valid_until >= checked_on", name=op.f("ck_clearance_dates")
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_clearance_mentor_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_clearance_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.create_index("ix_clearance_mentor_kind", ["mentor_id", "kind"], unique=False)

    op.create_table(
        "mentor_interest",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("interest", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_interest_mentor_id")
        ),
        sa.PrimaryKeyConstraint("mentor_id", "interest", name=op.f("pk_mentor_interest")),
    )
    op.create_table(
        "mentor_language",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_language_mentor_id")
        ),
        sa.PrimaryKeyConstraint("mentor_id", "language", name=op.f("pk_mentor_language")),
    )


def downgrade() -> None:
    op.drop_table("mentor_language")
    op.drop_table("mentor_interest")
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.drop_index("ix_clearance_mentor_kind")

    op.drop_table("clearance")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_expires_on"))

    op.drop_table("certificate")
    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentor_sort_key"))
        batch_op.drop_index("ix_mentor_region_status")

    op.drop_table("mentor")
