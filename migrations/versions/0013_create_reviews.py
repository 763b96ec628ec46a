"""create suspensions, holds and reviews"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("lift_asked_by", sa.Integer(), nullable=True),
        sa.Column("lift_asked_at", sa.DateTime(), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(lift_asked_by is null) = (lift_reason is null)",
            name=op.f("ck_suspension_asked_whole"),
        ),
        sa.CheckConstraint(
            "(lifted_at is null) = (lifted_by is null)", name=op.f("ck_suspension_lifted_whole")
        ),
        sa.CheckConstraint(
            "lifted_by is null or (lift_asked_by is not null and lifted_by <> lift_asked_by)",
            name=op.f("ck_suspension_two_people"),
        ),
        sa.ForeignKeyConstraint(["kind"], ["clearance_kind.code"], name=op.f("fk_suspension_kind")),
        sa.ForeignKeyConstraint(
            ["lift_asked_by"], ["user.id"], name=op.f("fk_suspension_lift_asked_by")
        ),
        sa.ForeignKeyConstraint(["lifted_by"], ["user.id"], name=op.f("fk_suspension_lifted_by")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_suspension_mentor_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name=op.f("fk_suspension_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.create_index(
            "ix_suspension_mentor_lifted", ["mentor_id", "lifted_at"], unique=False
        )

    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at is null) or (ended_at >= opened_at)", name=op.f("ck_hold_times")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_hold_ended_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_hold_match_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name=op.f("fk_hold_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index("ix_hold_match_ended", ["match_id", "ended_at"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(decision is null) = (decided_at is null)", name=op.f("ck_review_decided_whole")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_review_decided_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_review_match_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name=op.f("fk_review_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_decided_due", ["decided_at", "due_on"], unique=False)
        batch_op.create_index("ix_review_match_decided", ["match_id", "decided_at"], unique=False)

    op.create_table(
        "telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("teller", sa.String(length=200), nullable=True),
        sa.Column("beside", sa.String(length=200), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(done_at is null) = (done_by is null)", name=op.f("ck_telling_done_whole")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_telling_done_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_telling_match_id")),
        sa.ForeignKeyConstraint(["planned_by"], ["user.id"], name=op.f("fk_telling_planned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
    )
    with op.batch_alter_table("telling", schema=None) as batch_op:
        batch_op.create_index("ix_telling_done_due", ["done_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_telling_match_id"), ["match_id"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=254), nullable=True))
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_message_to_one"), "(user_id is null) <> (address is null)"
        )


def downgrade() -> None:
    op.execute("delete from message where user_id is null")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_to_one"), type_="check")
        batch_op.drop_column("address")
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=False)

    op.drop_table("telling")

    op.drop_table("review")

    op.drop_table("hold")

    op.drop_table("suspension")
