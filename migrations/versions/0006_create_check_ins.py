"""create check ins"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("spoke_with", sa.String(length=40), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(held_on is null) = (spoke_with is null)", name=op.f("ck_check_in_outcome_is_whole")
        ),
        sa.CheckConstraint(
            "rating is null or rating between 1 and 5", name=op.f("ck_check_in_rating")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_check_in_match_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_check_in_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("match_id", "number", name=op.f("uq_check_in_match_id_number")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index("ix_check_in_held_due", ["held_on", "due_on"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("logged_by", sa.Integer(), nullable=True),
        sa.Column("logged_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("minutes between 5 and 1440", name=op.f("ck_meeting_minutes")),
        sa.CheckConstraint("went between 1 and 5", name=op.f("ck_meeting_went")),
        sa.ForeignKeyConstraint(["logged_by"], ["user.id"], name=op.f("fk_meeting_logged_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_meeting_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_match_held", ["match_id", "held_on"], unique=False)

    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("review_by", sa.DateTime(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(reviewed_at is null) = (steps is null)", name=op.f("ck_concern_review_is_whole")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_concern_match_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_concern_meeting_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["user.id"], name=op.f("fk_concern_raised_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user.id"], name=op.f("fk_concern_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_concern_meeting_id")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_match_id"), ["match_id"], unique=False)
        batch_op.create_index("ix_concern_reviewed", ["reviewed_at", "review_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_reviewed")
        batch_op.drop_index(batch_op.f("ix_concern_match_id"))

    op.drop_table("concern")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_match_held")

    op.drop_table("meeting")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index("ix_check_in_held_due")

    op.drop_table("check_in")
