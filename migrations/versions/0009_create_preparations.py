"""create preparations"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

USERS = (
    *("opened_by", "owner_id", "mentor_answered_by", "child_consent_by", "guardian_consent_by"),
    *("agreement_by", "first_meeting_by", "ended_by"),
)


def upgrade() -> None:
    op.create_table(
        "preparation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("mentor_due_on", sa.Date(), nullable=False),
        sa.Column("mentor_answer", sa.String(length=10), nullable=True),
        sa.Column("mentor_answered_at", sa.DateTime(), nullable=True),
        sa.Column("mentor_answered_by", sa.Integer(), nullable=True),
        sa.Column("mentor_note", sa.Text(), nullable=True),
        sa.Column("child_consent_on", sa.Date(), nullable=True),
        sa.Column("child_consent_language", sa.String(length=4), nullable=True),
        sa.Column("child_consent_by", sa.Integer(), nullable=True),
        sa.Column("guardian_consent_on", sa.Date(), nullable=True),
        sa.Column("guardian_consent_language", sa.String(length=4), nullable=True),
        sa.Column("guardian_name", sa.String(length=200), nullable=True),
        sa.Column("guardian_consent_by", sa.Integer(), nullable=True),
        sa.Column("agreement_number", sa.String(length=60), nullable=True),
        sa.Column("agreement_on", sa.Date(), nullable=True),
        sa.Column("agreement_by", sa.Integer(), nullable=True),
        sa.Column("first_meeting_on", sa.Date(), nullable=True),
        sa.Column("first_meeting_with", sa.String(length=200), nullable=True),
        sa.Column("first_meeting_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason is not null)", name=op.f("ck_preparation_end")
        ),
        sa.CheckConstraint(
            "(status = 'started') = (match_id is not null)", name=op.f("ck_preparation_match")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_preparation_child_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_preparation_match_id")),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_preparation_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_preparation_proposal_id")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["user.id"], name=op.f(f"fk_preparation_{name}"))
            for name in USERS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation")),
        sa.UniqueConstraint("match_id", name=op.f("uq_preparation_match_id")),
    )
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_preparation_open_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_preparation_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_preparation_proposal_id"), ["proposal_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_preparation_status"), ["status"], unique=False)
    op.create_table(
        "recruitment_brief",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_recruitment_brief_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_recruitment_brief")),
    )


def downgrade() -> None:
    op.drop_table("recruitment_brief")
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preparation_status"))
        batch_op.drop_index(batch_op.f("ix_preparation_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_preparation_mentor_id"))
        batch_op.drop_index("uq_preparation_open_child")
    op.drop_table("preparation")
