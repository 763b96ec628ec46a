"""add settings, papers, and what is asked of mentors"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_GUARDIANS = (
    "mentors must meet the requirements set for guardians (kursiv.media, 24 February 2025); "
    "grounds listed at egov.kz, 19 September 2022"
)
_ASKED = "design: asked for; whether the law asks it of mentors is not known"
# code, position, names (kk, ru, en), required, months, source, owner, verified, caution
KINDS = (
    (
        "identity",
        1,
        "Жеке куәлік және ҚР азаматтығы",
        "Удостоверение личности и гражданство РК",
        "Identity and citizenship",
        True,
        None,
        "a mentor is an adult citizen (inva.kz, 8 May 2025)",
        "Ministry of Education",
        True,
        None,
    ),
    (
        "criminal_record",
        2,
        "Соттылық",
        "Судимость",
        "Criminal record",
        True,
        12,
        _GUARDIANS,
        "Ministry of Education",
        True,
        None,
    ),
    (
        "prosecution",
        3,
        "Қылмыстық қудалау",
        "Уголовное преследование",
        "Criminal prosecution",
        True,
        12,
        "law in force on 4 February 2026 (kazpravda, 18 December 2025)",
        "Ministry of Education",
        True,
        None,
    ),
    (
        "psychiatric",
        4,
        "Динамикалық байқау, психиатриялық қызмет",
        "Динамическое наблюдение, психиатрическая служба",
        "Dynamic observation, psychiatric service",
        True,
        12,
        _GUARDIANS,
        "Ministry of Education",
        True,
        None,
    ),
    (
        "narcological",
        5,
        "Динамикалық байқау, наркологиялық қызмет",
        "Динамическое наблюдение, наркологическая служба",
        "Dynamic observation, narcological service",
        True,
        12,
        _GUARDIANS,
        "Ministry of Education",
        True,
        None,
    ),
    (
        "health",
        6,
        "Денсаулық жағдайы туралы анықтама (туберкулезді қоса алғанда)",
        "Справка о состоянии здоровья (включая туберкулёз)",
        "Medical certificate (including tuberculosis)",
        True,
        12,
        "list of diseases, Order No. 692 of 28 August 2015, amended 23 November 2022",
        "Ministry of Health",
        True,
        None,
    ),
    (
        "capacity",
        7,
        "Әрекет қабілеттілігі және ата-ана құқықтары",
        "Дееспособность и родительские права",
        "Legal capacity and parental rights",
        True,
        12,
        _GUARDIANS,
        "Ministry of Education",
        True,
        None,
    ),
    (
        "housing",
        8,
        "Тұрақты тұрғылықты жер және тұрғын үй",
        "Постоянное место жительства и жильё",
        "Permanent residence and housing",
        True,
        12,
        "inspection of housing (liter.kz, 13 May 2024)",
        "Ministry of Education",
        True,
        None,
    ),
    (
        "income",
        9,
        "Табыс туралы анықтама",
        "Справка о доходах",
        "Proof of income",
        False,
        12,
        _ASKED,
        "Programme",
        False,
        "income",
    ),
    (
        "marital",
        10,
        "Отбасы жағдайы",
        "Семейное положение",
        "Marital status",
        False,
        None,
        _ASKED,
        "Programme",
        False,
        "marital",
    ),
)
NAMES = (
    "code",
    "position",
    "name_kk",
    "name_ru",
    "name_en",
    "required",
    "months",
    "source",
    "owner",
    "verified",
    "caution",
)

WRITTEN_ON = date(2026, 11, 22)


def upgrade() -> None:
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_setting_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index("ix_setting_key", ["key", "id"], unique=False)

    op.create_table(
        "clearance_kind",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("caution", sa.String(length=30), nullable=True),
        sa.CheckConstraint("months between 1 and 120", name=op.f("ck_clearance_kind_months")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_clearance_kind")),
    )

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(mentor_id is null) <> (child_id is null)", name=op.f("ck_paper_of_one_person")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_paper_size")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_paper_child_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_paper_mentor_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_paper_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("name", name=op.f("uq_paper_name")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "mentor_skill",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=20), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_skill_mentor_id")
        ),
        sa.PrimaryKeyConstraint("mentor_id", "skill", name=op.f("pk_mentor_skill")),
    )

    op.create_table(
        "mentor_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "until_on is null or until_on >= from_on", name=op.f("ck_mentor_pause_dates")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_pause_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_mentor_pause_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_pause")),
    )
    with op.batch_alter_table("mentor_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentor_pause_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("now", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user.id"], name=op.f("fk_status_change_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_status_change_mentor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_change_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(centre_id is null) <> (child_id is null)", name=op.f("ck_conflict_with_whom")
        ),
        sa.CheckConstraint(
            "ended_on is null or ended_on >= since_on", name=op.f("ck_conflict_dates")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_conflict_centre_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_conflict_child_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_conflict_mentor_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_conflict_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_mentor_id"), ["mentor_id"], unique=False)

    table = sa.table(
        "clearance_kind",
        *(sa.column(name) for name in NAMES),
        sa.column("decided_on", sa.Date()),
    )
    rows = [dict(zip(NAMES, kind, strict=True)) | {"decided_on": WRITTEN_ON} for kind in KINDS]
    op.bulk_insert(table, rows)

    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weekdays", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("child_sex_wish", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("child_age_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("child_age_to", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_mentor_age_wish"), "child_age_from <= child_age_to"
        )
    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.alter_column("weekdays", server_default=None)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revoked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("revoked_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("revoked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("paper_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_recorded_by"), "user", ["recorded_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_revoked_by"), "user", ["revoked_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_paper_id"), "paper", ["paper_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_certificate_revoked_whole"), "(revoked_on is null) = (revoked_reason is null)"
        )

    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_clearance_paper_id"), "paper", ["paper_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_clearance_kind"), "clearance_kind", ["kind"], ["code"]
        )


def downgrade() -> None:
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_clearance_paper_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_clearance_kind"), type_="foreignkey")
        batch_op.drop_column("paper_id")

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_certificate_revoked_whole"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_certificate_recorded_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_certificate_revoked_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_certificate_paper_id"), type_="foreignkey")
        batch_op.drop_column("recorded_by")
        batch_op.drop_column("revoked_on")
        batch_op.drop_column("revoked_reason")
        batch_op.drop_column("revoked_by")
        batch_op.drop_column("paper_id")

    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mentor_age_wish"), type_="check")
        batch_op.drop_column("weekdays")
        batch_op.drop_column("child_sex_wish")
        batch_op.drop_column("child_age_from")
        batch_op.drop_column("child_age_to")

    op.drop_table("conflict")

    op.drop_table("status_change")

    op.drop_table("mentor_pause")

    op.drop_table("mentor_skill")

    op.drop_table("paper")

    op.drop_table("clearance_kind")

    op.drop_table("setting")
