"""create matches"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("mentors", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_round_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_created_at"), ["created_at"], unique=False)

    op.create_table(
        "forbidden_pair",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_forbidden_pair_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_forbidden_pair_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_forbidden_pair_recorded_by")
        ),
        sa.PrimaryKeyConstraint("mentor_id", "child_id", name=op.f("pk_forbidden_pair")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decline_reason", sa.String(length=30), nullable=True),
        sa.Column("decline_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'declined') = (decline_reason is not null)", name=op.f("ck_proposal_reason")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_proposal_child_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_proposal_mentor_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index("ix_proposal_round_status", ["round_id", "status"], unique=False)
        batch_op.create_index(
            "uq_proposal_open_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "still_waiting",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_still_waiting_child_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_still_waiting_round_id")),
        sa.PrimaryKeyConstraint("round_id", "child_id", name=op.f("pk_still_waiting")),
    )
    with op.batch_alter_table("still_waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_still_waiting_child_id"), ["child_id"], unique=False)

    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("closure_reason", sa.String(length=30), nullable=True),
        sa.Column("ended_as_planned", sa.Boolean(), nullable=True),
        sa.Column("ended_by", sa.String(length=12), nullable=True),
        sa.Column("closure_note", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_on is null) = (closure_reason is null) and (ended_on is null) = (ended_as_planned is null) and (ended_on is null) = (ended_by is null)",
            name=op.f("ck_match_closure_is_whole"),
        ),
        sa.CheckConstraint(
            "ended_on is null or ended_on >= started_on", name=op.f("ck_match_dates")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["user.id"], name=op.f("fk_match_approved_by")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_match_child_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_match_closed_by")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_match_mentor_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_match_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_match_proposal_id")),
    )
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_match_ended_on", ["ended_on"], unique=False)
        batch_op.create_index("ix_match_mentor_ended", ["mentor_id", "ended_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_started_on"), ["started_on"], unique=False)
        batch_op.create_index(
            "uq_match_open_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_open_child",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_match_started_on"))
        batch_op.drop_index("ix_match_mentor_ended")
        batch_op.drop_index("ix_match_ended_on")
        batch_op.drop_index(batch_op.f("ix_match_child_id"))

    op.drop_table("match")
    with op.batch_alter_table("still_waiting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_still_waiting_child_id"))

    op.drop_table("still_waiting")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_open_child",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index("ix_proposal_round_status")
        batch_op.drop_index(batch_op.f("ix_proposal_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_child_id"))

    op.drop_table("proposal")
    op.drop_table("forbidden_pair")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_created_at"))

    op.drop_table("round")
