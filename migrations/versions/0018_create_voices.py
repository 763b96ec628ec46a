"""create voices"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voice_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_voice_link_times")),
        sa.CheckConstraint("voice in ('child', 'carer')", name=op.f("ck_voice_link_voice")),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_voice_link_check_in_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_voice_link_made_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_voice_link_match_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["user.id"], name=op.f("fk_voice_link_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_link")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_voice_link_code_hash")),
        sa.UniqueConstraint("nonce", name=op.f("uq_voice_link_nonce")),
    )
    with op.batch_alter_table("voice_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_link_check_in_id"), ["check_in_id"])
        batch_op.create_index("ix_voice_link_match_voice", ["match_id", "voice"])

    op.create_table(
        "voice_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("wants_to_talk", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "link_id is null or recorded_by is null", name=op.f("ck_voice_answer_one_way")
        ),
        sa.CheckConstraint("voice in ('child', 'carer')", name=op.f("ck_voice_answer_voice")),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_voice_answer_check_in_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["voice_link.id"], name=op.f("fk_voice_answer_link_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_voice_answer_match_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_voice_answer_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_answer")),
        sa.UniqueConstraint("link_id", name=op.f("uq_voice_answer_link_id")),
    )
    with op.batch_alter_table("voice_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_answer_check_in_id"), ["check_in_id"])
        batch_op.create_index(
            "ix_voice_answer_match_answered", ["match_id", "voice", "answered_at"]
        )


def downgrade() -> None:
    op.drop_table("voice_answer")

    op.drop_table("voice_link")
