"""add the care of a concern and the closing of a match"""

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet, MultiFernet
from flask import current_app

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PEOPLE = ("owner_id", "asked_by", "closed_by")


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in current_app.config["SETTINGS"].pii_keys])


def upgrade() -> None:
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_match_previous_id"), "match", ["previous_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_match_previous_id"), ["previous_id"])

    _create_tables_of_concerns()
    _add_columns()
    _convert()
    _require_columns()
    _create_tables_of_closing()


def _create_tables_of_concerns() -> None:
    op.create_table(
        "concern_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("happened_at", sa.DateTime(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'step') = (step is not null)", name=op.f("ck_concern_event_step")
        ),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_concern_event_by")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_event_concern_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_concern_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_event")),
    )
    with op.batch_alter_table("concern_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_event_concern_id"), ["concern_id"])

    op.create_table(
        "concern_reader",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_concern_reader_added_by")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_reader_concern_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_concern_reader_user_id")),
        sa.PrimaryKeyConstraint("concern_id", "user_id", name=op.f("pk_concern_reader")),
    )
    with op.batch_alter_table("concern_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_reader_user_id"), ["user_id"])


def _add_columns() -> None:
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_concern_review_is_whole"), type_="check")
        batch_op.alter_column("match_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("child_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("severity", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("told_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("restricted", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("closed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))


def _convert() -> None:
    """Old concerns: what was reviewed counts as closed, by the one signature of then."""
    op.execute(
        'update concern set child_id = (select child_id from "match" where id = match_id),'
        " origin = case when meeting_id is null then 'mentor' else 'meeting' end,"
        " severity = 'worry', told_at = raised_at"
    )
    op.execute(sa.text("update concern set restricted = :no").bindparams(no=False))
    op.execute(
        "update concern set owner_id = reviewed_by, asked_by = reviewed_by,"
        " asked_at = reviewed_at, outcome = 'earlier', closed_by = reviewed_by,"
        " closed_at = reviewed_at where reviewed_at is not null"
    )
    op.execute(
        'insert into concern_event (concern_id, kind, at, "by")'
        " select id, 'raised', raised_at, raised_by from concern"
    )
    op.execute(
        'insert into concern_event (concern_id, kind, at, "by", text)'
        " select id, 'reviewed', reviewed_at, reviewed_by, steps from concern"
        " where reviewed_at is not null"
    )
    op.execute(
        'insert into concern_event (concern_id, kind, at, "by")'
        " select id, 'closed', reviewed_at, reviewed_by from concern where reviewed_at is not null"
    )
    keys = _keys()
    for table in ("concern", "concern_event"):
        _rewrite(table, lambda text: keys.encrypt(text.encode()).decode())


def _rewrite(table, change) -> None:
    """Every text of a table, changed in place."""
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"select id, text from {table} where text is not null")).all()
    statement = sa.text(f"update {table} set text = :text where id = :id")
    for number, text in rows:
        bind.execute(statement, {"id": number, "text": change(text)})


def _require_columns() -> None:
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_reviewed")
        batch_op.drop_column("steps")
        batch_op.alter_column("child_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("origin", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("severity", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("restricted", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_foreign_key(op.f("fk_concern_child_id"), "child", ["child_id"], ["id"])
        for name in PEOPLE:
            batch_op.create_foreign_key(op.f(f"fk_concern_{name}"), "user", [name], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_concern_asked_whole"), "(asked_at is null) = (outcome is null)"
        )
        batch_op.create_check_constraint(
            op.f("ck_concern_closed_whole"), "closed_at is null or asked_at is not null"
        )
        batch_op.create_check_constraint(
            op.f("ck_concern_two_people"),
            "closed_at is null or outcome = 'earlier'"
            " or (closed_by is not null and asked_by is not null and closed_by <> asked_by)",
        )
        batch_op.create_check_constraint(
            op.f("ck_concern_restricted_owned"), "not restricted or owner_id is not null"
        )
        batch_op.create_index(batch_op.f("ix_concern_child_id"), ["child_id"])
        batch_op.create_index(batch_op.f("ix_concern_owner_id"), ["owner_id"])
        batch_op.create_index(batch_op.f("ix_concern_raised_by"), ["raised_by"])
        batch_op.create_index(batch_op.f("ix_concern_told_at"), ["told_at"])
        batch_op.create_index("ix_concern_closed_review", ["closed_at", "reviewed_at", "review_by"])


def _create_tables_of_closing() -> None:
    op.create_table(
        "closure",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_closure_match_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["user.id"], name=op.f("fk_closure_opened_by")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix_closure_done_due", ["done_at", "due_on"])

    op.create_table(
        "closure_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_on is not null)", name=op.f("ck_closure_step_done")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (recorded_at is null)", name=op.f("ck_closure_step_recorded")
        ),
        sa.CheckConstraint(
            "state <> 'cannot' or note is not null", name=op.f("ck_closure_step_because")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["closure.match_id"], name=op.f("fk_closure_step_match_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_closure_step_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_step")),
        sa.UniqueConstraint("match_id", "step", name=op.f("uq_closure_step_match_id_step")),
    )


def downgrade() -> None:
    op.drop_table("closure_step")
    op.drop_table("closure")

    # A concern without a match has no place any more.
    without = "select id from concern where match_id is null"
    for table in ("concern_event", "concern_reader"):
        op.execute(f"delete from {table} where concern_id in ({without})")
    op.execute("delete from concern where match_id is null")
    keys = _keys()
    for table in ("concern", "concern_event"):
        _rewrite(table, lambda text: keys.decrypt(text.encode()).decode())

    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_closed_review")
        for name in ("child_id", "owner_id", "raised_by", "told_at"):
            batch_op.drop_index(batch_op.f(f"ix_concern_{name}"))
        for name in ("asked_whole", "closed_whole", "two_people", "restricted_owned"):
            batch_op.drop_constraint(op.f(f"ck_concern_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_concern_child_id"), type_="foreignkey")
        for name in PEOPLE:
            batch_op.drop_constraint(op.f(f"fk_concern_{name}"), type_="foreignkey")
        batch_op.add_column(sa.Column("steps", sa.Text(), nullable=True))
    op.execute(
        "update concern set steps = coalesce((select min(text) from concern_event where"
        " concern_id = concern.id and kind = 'reviewed'), '') where reviewed_at is not null"
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        for name in (
            *("child_id", "origin", "severity", "told_at", "owner_id", "restricted"),
            *("reminded_at", "asked_by", "asked_at", "outcome", "closed_by", "closed_at"),
        ):
            batch_op.drop_column(name)
        batch_op.alter_column("match_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_concern_review_is_whole"), "(reviewed_at is null) = (steps is null)"
        )
        batch_op.create_index("ix_concern_reviewed", ["reviewed_at", "review_by"])
    op.drop_table("concern_reader")
    op.drop_table("concern_event")

    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_match_previous_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_match_previous_id"), type_="foreignkey")
        batch_op.drop_column("previous_id")
