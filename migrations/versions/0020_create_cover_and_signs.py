"""create cover and warning signs"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("supervisor_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_user_supervisor_id"), ["supervisor_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_user_supervisor_id"), "user", ["supervisor_id"], ["id"]
        )

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_leave_dates")),
        sa.CheckConstraint("user_id <> cover_id", name=op.f("ck_leave_two_people")),
        sa.ForeignKeyConstraint(["cover_id"], ["user.id"], name=op.f("fk_leave_cover_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_leave_made_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_leave_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index("ix_leave_cover_ended", ["cover_id", "ended_on"], unique=False)
        batch_op.create_index("ix_leave_user_until", ["user_id", "until_on"], unique=False)

    op.create_table(
        "sign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("next_action", sa.String(length=30), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(noted_at is null) = (note is null)", name=op.f("ck_sign_note_is_whole")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_sign_match_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["user.id"], name=op.f("fk_sign_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign")),
    )
    with op.batch_alter_table("sign", schema=None) as batch_op:
        batch_op.create_index("ix_sign_ended_match", ["ended_on", "match_id"], unique=False)
        batch_op.create_index("ix_sign_match", ["match_id"], unique=False)
        batch_op.create_index(
            "uq_sign_open_kind",
            ["match_id", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("sign")

    op.drop_table("leave")

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_user_supervisor_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_user_supervisor_id"))
        batch_op.drop_column("supervisor_id")
