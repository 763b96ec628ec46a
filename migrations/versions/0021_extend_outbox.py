"""add channels, choices and the state of jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=16), nullable=True))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("channel", sa.String(length=5), nullable=False, server_default="email")
        )
        batch_op.add_column(
            sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("given_up_at", sa.DateTime(), nullable=True))
    message = sa.table(
        "message", sa.column("status"), sa.column("given_up_at"), sa.column("send_after")
    )
    op.execute(
        message.update()
        .where(message.c.status == "failed")
        .values(given_up_at=message.c.send_after)
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("channel", server_default=None)
        batch_op.alter_column("urgent", server_default=None)

    op.create_table(
        "message_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", "topic", "channel", name=op.f("pk_message_choice")),
    )
    op.create_table(
        "job_state",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_state")),
    )
    op.create_table(
        "scheduler",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduler")),
    )


def downgrade() -> None:
    op.drop_table("scheduler")
    op.drop_table("job_state")
    op.drop_table("message_choice")

    # What went by another channel, or was not wanted, is not a letter that waits.
    message = sa.table("message", sa.column("status"), sa.column("channel"))
    op.execute(
        message.delete().where((message.c.channel != "email") | (message.c.status == "unwanted"))
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("given_up_at")
        batch_op.drop_column("claimed_until")
        batch_op.drop_column("urgent")
        batch_op.drop_column("channel")

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("phone")
