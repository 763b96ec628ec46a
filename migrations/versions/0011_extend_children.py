"""add the record of a child, centres and authorities"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("search_key", sa.String(length=500), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
    )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_region"), ["region"], unique=False)

    op.create_table(
        "specialist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("search_key", sa.String(length=250), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "until_on is null or until_on >= from_on", name=op.f("ck_specialist_dates")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_specialist_authority_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_specialist_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist")),
        sa.UniqueConstraint("user_id", name=op.f("uq_specialist_user_id")),
    )
    with op.batch_alter_table("specialist", schema=None) as batch_op:
        batch_op.create_index(
            "ix_specialist_authority_until", ["authority_id", "until_on"], unique=False
        )

    op.create_table(
        "child_population",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("children >= 0", name=op.f("ck_child_population_children")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_child_population_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_population")),
    )
    with op.batch_alter_table("child_population", schema=None) as batch_op:
        batch_op.create_index("ix_child_population_region_as_of", ["region", "as_of"], unique=False)

    op.create_table(
        "centre_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(length=30), nullable=False),
        sa.Column("now", sa.String(length=30), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_centre_change_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_centre_change_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_change")),
    )
    with op.batch_alter_table("centre_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_change_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "sibling_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_sibling_group_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sibling_group")),
    )

    op.create_table(
        "child_need",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_need_child_id")),
        sa.PrimaryKeyConstraint("child_id", "need", name=op.f("pk_child_need")),
    )

    op.create_table(
        "relative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=True),
        sa.Column("town", sa.String(length=100), nullable=True),
        sa.Column("visits", sa.String(length=12), nullable=False),
        sa.Column("can_mentor", sa.String(length=10), nullable=False),
        sa.Column("can_take_family", sa.String(length=10), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_relative_child_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_relative_mentor_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_relative_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    with op.batch_alter_table("relative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relative_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relative_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=30), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "form <> 'institution' or centre_id is not null", name=op.f("ck_placement_centre")
        ),
        sa.CheckConstraint(
            "ended_on is null or started_on <= ended_on", name=op.f("ck_placement_dates")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_placement_centre_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_placement_child_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_placement_paper_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_placement_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "uq_placement_open_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("director", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.create_check_constraint(op.f("ck_centre_capacity"), "capacity between 0 and 5000")
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.alter_column("languages", server_default=None)

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaves_care_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("disability", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("wish", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("mentor_sex_wish", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("mentor_age_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mentor_age_to", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("weekdays", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("case_manager_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sibling_group_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_child_sibling_group_id"), ["sibling_group_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_child_sibling_group_id"), "sibling_group", ["sibling_group_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_child_case_manager_id"), "specialist", ["case_manager_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_child_age_wish"), "mentor_age_from <= mentor_age_to"
        )
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.alter_column("disability", server_default=None)
        batch_op.alter_column("weekdays", server_default=None)

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_version", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=4), nullable=True))
        batch_op.add_column(sa.Column("way", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_said_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("paper_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_withdrawn_by"), "user", ["withdrawn_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_paper_id"), "paper", ["paper_id"], ["id"]
        )

    op.execute(
        "insert into placement (child_id, form, centre_id, region, ended_on, recorded_at)"
        " select child.id, 'institution', child.centre_id, centre.region, child.left_on,"
        " child.created_at from child join centre on centre.id = child.centre_id"
    )
    # Where somebody went was not recorded before: the day they left closes what is known.


def downgrade() -> None:
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consent_withdrawn_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_consent_paper_id"), type_="foreignkey")
        batch_op.drop_column("text_version")
        batch_op.drop_column("language")
        batch_op.drop_column("way")
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawal_said_by")
        batch_op.drop_column("withdrawal_reason")
        batch_op.drop_column("paper_id")

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_child_age_wish"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_child_sibling_group_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_child_case_manager_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_child_sibling_group_id"))
        batch_op.drop_column("leaves_care_on")
        batch_op.drop_column("disability")
        batch_op.drop_column("wish")
        batch_op.drop_column("mentor_sex_wish")
        batch_op.drop_column("mentor_age_from")
        batch_op.drop_column("mentor_age_to")
        batch_op.drop_column("weekdays")
        batch_op.drop_column("case_manager_id")
        batch_op.drop_column("sibling_group_id")

    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_centre_capacity"), type_="check")
        batch_op.drop_column("address")
        batch_op.drop_column("languages")
        batch_op.drop_column("capacity")
        batch_op.drop_column("director")
        batch_op.drop_column("phone")
        batch_op.drop_column("email")

    op.drop_table("placement")

    op.drop_table("relative")

    op.drop_table("child_need")

    op.drop_table("sibling_group")

    op.drop_table("centre_change")

    op.drop_table("child_population")

    op.drop_table("specialist")

    op.drop_table("authority")
