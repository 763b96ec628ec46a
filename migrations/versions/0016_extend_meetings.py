"""add slots, replies, help, absences and calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
COLUMNS = {
    "kind": sa.String(length=12),
    "minutes": sa.Integer(),
    "activity": sa.Text(),
    "went": sa.Integer(),
}


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_read_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_calendar_feed_mentor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(
            "uq_calendar_feed_current",
            ["mentor_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "help_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(answered_at is null) = (answer is null) and (answered_at is null) = (answered_by is null)",
            name=op.f("ck_help_request_answer_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_help_request_answered_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_help_request_asked_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_help_request_match_id")),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_help_request_mentor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.create_index("ix_help_request_answered", ["answered_at", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_match_id"), ["match_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("minutes between 5 and 1440", name=op.f("ck_slot_minutes")),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_slot_dates")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_slot_weekday")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_slot_made_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_slot_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_match_id"), ["match_id"], unique=False)
        batch_op.create_index(
            "uq_slot_current",
            ["match_id"],
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("wish", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("child_agreed_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'asked') = (decided_at is null)", name=op.f("ck_substitute_decided")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_at is not null)", name=op.f("ck_substitute_ended")
        ),
        sa.CheckConstraint(
            "status not in ('appointed', 'ended') or (mentor_id is not null and until_on is not null and child_agreed_on is not null)",
            name=op.f("ck_substitute_appointed_is_whole"),
        ),
        sa.CheckConstraint(
            "until_on is null or until_on >= from_on", name=op.f("ck_substitute_dates")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_substitute_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_substitute_decided_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_substitute_ended_by")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_substitute_match_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_substitute_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute")),
    )
    with op.batch_alter_table("substitute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitute_match_id"), ["match_id"], unique=False)
        batch_op.create_index("ix_substitute_mentor_status", ["mentor_id", "status"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_reply_meeting_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_reply_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_meeting_id"), ["meeting_id"], unique=False)

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancelled_by", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("cancel_reason", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("as_planned", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("slot_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("client_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("read_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(), nullable=True))
        batch_op.alter_column("kind", existing_type=sa.String(length=12), nullable=True)
        batch_op.alter_column("minutes", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("activity", existing_type=sa.Text(), nullable=True)
        batch_op.alter_column("went", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(
            "ix_meeting_unread",
            ["held_on", "match_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_meeting_logged_by_client_id"), ["logged_by", "client_id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_meeting_match_id_slot_on"), ["match_id", "slot_on"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_meeting_read_by"), "user", ["read_by"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_meeting_held_is_whole"),
            "(cancelled_by is null) = (minutes is not null) and (cancelled_by is null) = (kind is not null)",
        )
        batch_op.create_check_constraint(
            op.f("ck_meeting_told"),
            "cancelled_by is not null or as_planned or (activity is not null and went is not null)",
        )
        batch_op.create_check_constraint(
            op.f("ck_meeting_cancelled_is_whole"),
            "cancelled_by is null or (activity is null and went is null and not as_planned)",
        )
        batch_op.create_check_constraint(
            op.f("ck_meeting_reason"), "cancelled_by is not null or cancel_reason is null"
        )
        batch_op.create_check_constraint(
            op.f("ck_meeting_read_is_whole"), "read_at is not null or read_by is null"
        )
    # Nobody kept who read the entries of before: they do not wait to be read now.
    op.execute("update meeting set read_at = logged_at")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.alter_column("as_planned", server_default=None)


def downgrade() -> None:
    op.drop_table("reply")
    # What was not held had no place before, and one tap told neither what nor how.
    op.execute(
        "update concern set meeting_id = null where meeting_id in"
        " (select id from meeting where cancelled_by is not null)"
    )
    op.execute("delete from meeting where cancelled_by is not null")
    op.execute(
        "update meeting set activity = coalesce(activity, ''), went = coalesce(went, 3)"
        " where activity is null or went is null"
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        for name in ("held_is_whole", "told", "cancelled_is_whole", "reason", "read_is_whole"):
            batch_op.drop_constraint(op.f(f"ck_meeting_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_meeting_read_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_meeting_match_id_slot_on"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_meeting_logged_by_client_id"), type_="unique")
        batch_op.drop_index("ix_meeting_unread")
        for name, kind in COLUMNS.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        for name in ("cancelled_by", "cancel_reason", "as_planned", "slot_on", "client_id"):
            batch_op.drop_column(name)
        batch_op.drop_column("read_at")
        batch_op.drop_column("read_by")

    for name in ("substitute", "slot", "help_request", "calendar_feed"):
        op.drop_table(name)
