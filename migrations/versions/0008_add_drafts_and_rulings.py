"""add drafts and rulings"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(length=12), nullable=False, server_default="published")
        )
        batch_op.add_column(sa.Column("centres", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("publish_when_ready", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("cancel_requested", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("failure", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("published_by", sa.Integer(), nullable=True))
        batch_op.alter_column(
            "snapshot",
            new_column_name="record",
            existing_type=sa.LargeBinary(),
            existing_nullable=False,
            nullable=True,
        )
        batch_op.create_foreign_key(op.f("fk_round_parent_id"), "round", ["parent_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_round_published_by"), "user", ["published_by"], ["id"])
        batch_op.create_index(batch_op.f("ix_round_stage"), ["stage"], unique=False)
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_round_record"),
            "stage not in ('draft', 'published') or record is not null",
        )
        for name in ("stage", "centres", "publish_when_ready", "done", "total", "cancel_requested"):
            batch_op.alter_column(name, server_default=None)
    op.execute("update round set published_at = created_at, published_by = created_by")

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("origin", sa.String(length=10), nullable=False, server_default="round")
        )
        batch_op.add_column(sa.Column("start_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("declined_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("question", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.alter_column("round_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(op.f("fk_proposal_asked_by"), "user", ["asked_by"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_proposal_answered_by"), "user", ["answered_by"], ["id"]
        )
    op.execute(
        "update proposal set start_on ="
        " (select round.start_on from round where round.id = proposal.round_id)"
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.alter_column("start_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("origin", server_default=None)
        batch_op.alter_column("version", server_default=None)

    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(kind in ('together', 'apart') and mentor_id is not null and child_id is not null)"
            " or (kind = 'hold_mentor' and mentor_id is not null and child_id is null)"
            " or (kind = 'hold_child' and mentor_id is null and child_id is not null)",
            name=op.f("ck_ruling_whom"),
        ),
        sa.CheckConstraint(
            "(lifted_at is null) = (lifted_by is null)", name=op.f("ck_ruling_lifted_whole")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_ruling_child_id")),
        sa.ForeignKeyConstraint(["lifted_by"], ["user.id"], name=op.f("fk_ruling_lifted_by")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_ruling_mentor_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_ruling_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ruling_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ruling_mentor_id"), ["mentor_id"], unique=False)
    op.execute(
        "insert into ruling (kind, mentor_id, child_id, reason, recorded_by, recorded_at)"
        " select 'apart', mentor_id, child_id, reason, recorded_by, recorded_at from forbidden_pair"
    )
    op.drop_table("forbidden_pair")


def downgrade() -> None:
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
    # The last word on a pair that still stands.
    op.execute(
        "insert into forbidden_pair (mentor_id, child_id, reason, recorded_by, recorded_at)"
        " select mentor_id, child_id, substr(reason, 1, 200), recorded_by, recorded_at"
        " from ruling where id in (select max(id) from ruling"
        " where kind = 'apart' and lifted_at is null group by mentor_id, child_id)"
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ruling_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_ruling_child_id"))
    op.drop_table("ruling")

    # A pair that a person suggested belongs to no round: the column stays as it is.
    op.execute("update proposal set status = 'superseded' where status = 'draft'")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_proposal_answered_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_proposal_asked_by"), type_="foreignkey")
        for name in (
            *("version", "answered_at", "answered_by", "answer", "asked_at", "asked_by"),
            *("question", "declined_until", "start_on", "origin"),
        ):
            batch_op.drop_column(name)

    op.execute("update round set record = '' where record is null")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_round_record"), type_="check")
        batch_op.drop_constraint(op.f("fk_round_published_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_round_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_round_stage"))
        batch_op.alter_column(
            "record",
            new_column_name="snapshot",
            existing_type=sa.LargeBinary(),
            existing_nullable=True,
            nullable=False,
        )
        for name in (
            *("published_by", "published_at", "failure", "cancel_requested", "total", "done"),
            *("parent_id", "publish_when_ready", "centres", "stage"),
        ):
            batch_op.drop_column(name)
