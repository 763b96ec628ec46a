"""create candidates"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_citizen", sa.Boolean(), nullable=True),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("consent_version", sa.String(length=20), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("ended_as", sa.String(length=10), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at is null) = (ended_as is null)", name=op.f("ck_candidate_end_is_whole")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_candidate_ended_by")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_candidate_mentor_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_candidate_owner_id")),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("reference", name=op.f("uq_candidate_reference")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_candidate_ended_applied", ["ended_as", "applied_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_candidate_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "candidate_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(done_on is null) = (outcome is null)", name=op.f("ck_candidate_step_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["candidate.mentor_id"], name=op.f("fk_candidate_step_mentor_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_candidate_step_owner_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_candidate_step_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_step")),
        sa.UniqueConstraint(
            "mentor_id", "attempt", "step", name=op.f("uq_candidate_step_mentor_id_attempt_step")
        ),
    )


def downgrade() -> None:
    op.drop_table("candidate_step")

    op.drop_table("candidate")
