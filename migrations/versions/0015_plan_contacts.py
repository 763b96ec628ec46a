"""plan contacts by policy, kind and working day"""

from datetime import UTC, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PRACTICE = (
    "MENTOR, Elements of Effective Practice for Mentoring, fifth edition (2025), as summarised by"
    " Michigan State University Extension: "
)
# The cadence until now, for matches that began under it.
BEFORE = {
    "version": "2026-1",
    "stages": {"mentor": {"within": None, "days": [14, 30], "stages": [[1, 12], [3, None]]}},
    "source": PRACTICE + "twice in month 1, then monthly; quarterly after the first year as Big"
    " Brothers Big Sisters do",
}
DEFAULT = {
    "version": "2026-2",
    "stages": {
        "mentor": {"within": 2, "days": [14, 28], "stages": [[1, 12], [3, None]]},
        "child": {"within": 2, "days": [14, 28], "stages": [[1, 12], [3, None]]},
        "carer": {"within": None, "days": [28], "stages": [[3, None]]},
        "review": {"within": None, "days": [], "stages": [[3, 6], [6, 12], [12, None]]},
    },
    "source": PRACTICE + "mentor and child within 48 hours of the first meeting, twice in month 1,"
    " then monthly; the responsible adult quarterly. Quarterly after the first year as Big"
    " Brothers Big Sisters do. Not checked in the edition itself. The carer's contact in month 1"
    " and the formal review at months 3, 6 and 12, then yearly: design.",
}
check_in = sa.table(
    "check_in",
    *(
        sa.column(name)
        for name in [
            "id",
            "match_id",
            "number",
            "slot",
            "kind",
            "due_on",
            "held_on",
            "missed_on",
            "spoke_with",
            "rating",
            "next_step",
            "recorded_by",
            "recorded_at",
        ]
    ),
)
match = sa.table("match", sa.column("id"), sa.column("ended_on"))
KEPT = ("match_id", "number", "slot", "due_on", "held_on", "rating", "next_step")


def upgrade() -> None:
    policy = op.create_table(
        "contact_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_contact_policy_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_policy")),
        sa.UniqueConstraint("version", name=op.f("uq_contact_policy_version")),
    )
    _seed(policy)

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_check_in_outcome_is_whole"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_check_in_match_id_number"), type_="unique")
        batch_op.drop_index("ix_check_in_held_due")
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("slot", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("policy_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("missed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("way", sa.String(length=10), nullable=True))
    _convert()
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_column("spoke_with")
        batch_op.alter_column("kind", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("slot", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_check_in_policy_id"), "contact_policy", ["policy_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_check_in_match_id_kind_number"), ["match_id", "kind", "number"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_check_in_match_id_kind_slot"), ["match_id", "kind", "slot"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_check_in_outcome"),
            "held_on is not null or (way is null and rating is null and next_step is null)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_check_in_held_or_missed"), "held_on is null or missed_on is null"
        )
        batch_op.create_index("ix_check_in_missed_on", ["missed_on"], unique=False)
        batch_op.create_index(
            "ix_check_in_open_due",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text("held_on IS NULL AND missed_on IS NULL"),
            postgresql_where=sa.text("held_on IS NULL AND missed_on IS NULL"),
        )

    op.create_table(
        "rung",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_rung_check_in_id")),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_rung_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rung")),
        sa.UniqueConstraint("check_in_id", "step", name=op.f("uq_rung_check_in_id_step")),
    )
    with op.batch_alter_table("rung", schema=None) as batch_op:
        batch_op.create_index("ix_rung_step_done", ["step", "done_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rung", schema=None) as batch_op:
        batch_op.drop_index("ix_rung_step_done")
    op.drop_table("rung")

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index("ix_check_in_open_due")
        batch_op.drop_index("ix_check_in_missed_on")
        batch_op.drop_constraint(batch_op.f("ck_check_in_held_or_missed"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_check_in_outcome"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_check_in_match_id_kind_slot"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_check_in_match_id_kind_number"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_check_in_policy_id"), type_="foreignkey")
        batch_op.add_column(sa.Column("spoke_with", sa.String(length=40), nullable=True))
    _merge()
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        for name in ("kind", "slot", "policy_id", "missed_on", "way"):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(
            batch_op.f("uq_check_in_match_id_number"), ["match_id", "number"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_check_in_outcome_is_whole"),
            "(held_on is null) = (spoke_with is null)",
        )
        batch_op.create_index("ix_check_in_held_due", ["held_on", "due_on"], unique=False)

    op.drop_table("contact_policy")


def _seed(policy: sa.Table) -> None:
    """The cadence of the programme; what was planned before keeps its own until today."""
    now = datetime.now(UTC)
    today = now.astimezone(timezone(timedelta(hours=5))).date()
    rows = [(BEFORE, "2020-01-01"), (DEFAULT, today.isoformat())]
    if not op.get_bind().scalar(sa.select(sa.func.count()).select_from(match)):
        rows = [(DEFAULT, "2020-01-01")]
    for given, day in rows:
        more = {
            "owner": "Programme",
            "made_by": None,
            "made_at": now.replace(tzinfo=None),
            "in_force_from": datetime.fromisoformat(day).date(),
        }
        op.get_bind().execute(sa.insert(policy).values(**given, **more))


def _convert() -> None:
    """A contact of several voices becomes one for each; what was not held is the mentor's."""
    bind = op.get_bind()
    ended = {row.id: row.ended_on for row in bind.execute(sa.select(match)) if row.ended_on}
    changed, added, removed = [], [], []
    for row in bind.execute(sa.select(check_in)).mappings().all():
        end = ended.get(row["match_id"])
        if row["held_on"] is None and end is not None and row["due_on"] > end:
            removed.append(row["id"])
            continue
        voices = [voice for voice in (row["spoke_with"] or "").split(",") if voice]
        first, *others = voices or ["mentor"]
        now = {
            "kind": first,
            "slot": _slot(row["number"]),
            "missed_on": end if row["held_on"] is None else None,
        }
        changed.append({"row": row["id"], **{f"new_{name}": v for name, v in now.items()}})
        kept = {name: row[name] for name in (*KEPT, "recorded_by", "recorded_at")}
        added += [kept | now | {"kind": voice} for voice in others]
    if changed:
        new = {name: sa.bindparam(f"new_{name}") for name in ("kind", "slot", "missed_on")}
        rows = sa.update(check_in).where(check_in.c.id == sa.bindparam("row"))
        bind.execute(rows.values(**new), changed)
    if added:
        bind.execute(sa.insert(check_in), added)
    for start in range(0, len(removed), 500):
        gone = check_in.c.id.in_(removed[start : start + 500])
        bind.execute(sa.delete(check_in).where(gone))


def _slot(number: int) -> int:
    """Two in month 1, one a month up to month 12, then one a quarter."""
    if number <= 2:
        return (14, 30)[number - 1] if number > 0 else number
    month = number - 1 if number <= 13 else 12 + 3 * (number - 13)
    return round(month * 30.4375)


def _merge() -> None:
    """Every contact stays, in the order of its day; a review was a talk with the mentor."""
    bind = op.get_bind()
    numbers: dict[int, int] = {}
    changed = []
    ordered = sa.select(check_in).order_by(check_in.c.due_on, check_in.c.id)
    for row in bind.execute(ordered).mappings().all():
        number = numbers[row["match_id"]] = numbers.get(row["match_id"], 0) + 1
        voice = "mentor" if row["kind"] == "review" else row["kind"]
        held = row["held_on"] is not None
        changed.append({
            "row": row["id"],
            "new_number": number,
            "new_voice": voice if held else None,
        })  # fmt: skip
    if changed:
        rows = sa.update(check_in).where(check_in.c.id == sa.bindparam("row"))
        new = {"number": sa.bindparam("new_number"), "spoke_with": sa.bindparam("new_voice")}
        bind.execute(rows.values(**new), changed)
