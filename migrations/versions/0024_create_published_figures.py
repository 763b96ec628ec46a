"""create published figures"""

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AT = datetime(2026, 11, 22)
EL, ZAKON_KK, ANA = "el.kz", "kaz.zakon.kz", "Ана үйі / Ana Üyi, SOCIEUX+ (18.07)"
JANUARY, FEBRUARY = date(2026, 1, 24), date(2026, 2, 5)
PRESS = "SOS Children's Villages of Kazakhstan, «Өркен», press text"

# topic, value (or a pair of ends), unit, exactness, as of, source, certainty, and what it is
FIGURES = [
    ("children", 20_798, "number", "exact", JANUARY, EL, "seen",
     "Жетім балалар мен ата-анасының қамқорлығынсыз қалған балалар",
     "Дети-сироты и дети, оставшиеся без попечения родителей",
     "Orphans and children left without parental care"),
    ("children", 22_081, "number", "exact", None, "Tengrinews (mirror)", "seen",
     "Жетім балалар мен ата-анасының қамқорлығынсыз қалған балалар (бұрынғы сан)",
     "Дети-сироты и дети, оставшиеся без попечения родителей (более раннее число)",
     "Orphans and children left without parental care (an earlier count)"),
    ("in_families", 0.82, "share", "exact", JANUARY, EL, "seen",
     "Олардың отбасыларда тәрбиеленетіні",
     "Из них воспитываются в семьях",
     "Of them raised in families"),
    ("outside_families", 3_744, "number", "about", JANUARY, EL, "calculated",
     "Олардың отбасылардан тыс өсіп жатқаны (20 798 санының 18 пайызы)",
     "Из них вне семей (18 % от 20 798)",
     "Of them outside families (18% of 20,798)"),
    ("placed", 3_000, "number", "about", JANUARY, EL, "seen",
     "2025 жылы отбасыларға орналастырылған балалар",
     "Дети, устроенные в семьи в 2025 году",
     "Children placed in families in 2025"),
    ("mentors", 360, "number", "more_than", JANUARY, EL, "seen",
     "Еліміздің барлық өңірлеріндегі тәлімгерлер",
     "Наставники во всех регионах страны",
     "Mentors in all regions of the country"),
    ("mentors", 330, "number", "more_than", None, "BaigeNews.kz", "seen",
     "Тәлімгерлер", "Наставники", "Mentors"),
    ("mentors", 300, "number", "more_than", date(2024, 5, 13), "liter.kz", "seen",
     "17 қаладағы тәлімгерлер", "Наставники в 17 городах", "Mentors in 17 cities"),
    ("specialists", 1_028, "number", "exact", JANUARY, EL, "seen",
     "Қорғаншылық органдарының мамандары",
     "Специалисты органов опеки",
     "Specialists of guardianship authorities"),
    ("specialists_before", 303, "number", "exact", JANUARY, EL, "seen",
     "Қорғаншылық органдарының мамандары, өсімге дейін",
     "Специалисты органов опеки до увеличения",
     "Specialists of guardianship authorities before the increase"),
    ("specialists_times", 3.3, "times", "exact", JANUARY, EL, "seen",
     "Мамандар саны неше есе өсті",
     "Во сколько раз выросло число специалистов",
     "How many times more specialists there are"),
    ("specialists_times", 3.39, "times", "about", JANUARY, EL, "calculated",
     "Мамандар саны неше есе өсті (1 028 / 303)",
     "Во сколько раз выросло число специалистов (1 028 / 303)",
     "How many times more specialists there are (1,028 / 303)"),
    ("posts_added", 900, "number", "exact", None, "BaigeNews.kz", "seen",
     "Өңірлерде құрылған қосымша штат бірліктері",
     "Дополнительные штатные единицы, созданные в регионах",
     "Additional posts created in the regions"),
    ("posts_added", 725, "number", "exact", JANUARY, EL, "calculated",
     "Мамандар санының өсімі (1 028 − 303)",
     "Прирост числа специалистов (1 028 − 303)",
     "Increase of specialists (1,028 − 303)"),
    ("specialists_target", 1_383, "number", "exact", date(2025, 9, 22), "inform.kz", "seen",
     "Жоспарланған мамандар саны",
     "Сколько специалистов должно быть",
     "How many specialists there are to be"),
    ("specialists_target", 1_380, "number", "exact", FEBRUARY, ZAKON_KK, "calculated",
     "Нормаға сай қажет мамандар саны (6,9 млн / 5 000)",
     "Сколько специалистов требует норма (6,9 млн / 5 000)",
     "Specialists the norm asks for (6.9 million / 5,000)"),
    ("staffing_norm", 5_000, "one_per", "exact", date(2025, 4, 30), "zakon.kz", "seen",
     "Норма: кемінде бір маманға келетін балалар саны",
     "Норма: не менее одного специалиста на столько детей",
     "Norm: not fewer than one specialist to so many children"),
    ("staffing_norm", 5_000, "one_per", "exact", None, "BaigeNews.kz", "seen",
     "Норма: бір маман сүйемелдейтін балалар саны",
     "Норма: до стольких детей сопровождает один специалист",
     "Norm: one specialist accompanies up to so many children"),
    ("child_population", 6_900_000, "number", "about", FEBRUARY, ZAKON_KK, "seen",
     "Еліміздегі балалар", "Дети в стране", "Children in the country"),
    ("child_population", 6_841_527, "number", "exact", date(2024, 1, 1), "kznews.kz, BNS", "seen",
     "18 жасқа дейінгі балалар", "Дети младше 18 лет", "Children under 18"),
    ("population_share", 0.34, "share", "exact", FEBRUARY, ZAKON_KK, "seen",
     "Балалардың халық ішіндегі үлесі",
     "Доля детей в населении",
     "Share of children in the population"),
    ("population_growth", 1_500_000, "number", "exact", FEBRUARY, ZAKON_KK, "seen",
     "Балалар санының соңғы 10 жылдағы өсімі",
     "Прирост числа детей за последние 10 лет",
     "Increase in the number of children in the last 10 years"),
    ("organisations", 110, "number", "more_than", None, "BaigeNews.kz", "seen",
     "Балаларды қолдау орталықтары, соның ішінде балалар ауылдары,"
     " медициналық-әлеуметтік және арнаулы мекемелер",
     "Центры поддержки детей, включая детские деревни, медико-социальные"
     " и специализированные учреждения",
     "Children's support centres, including children's villages, medical-social"
     " and specialised institutions"),
    ("organisations", (115, 116), "number", "exact", None, "", "seen",
     "Жетім балаларға арналған ұйымдар (білім беру 78, денсаулық сақтау 18, әлеуметтік қорғау 20)",
     "Организации для детей-сирот (образование 78, здравоохранение 18, соцзащита 20)",
     "Organisations for orphans (education 78, health 18, social protection 20)"),
    ("organisations_change", -0.24, "change", "exact", JANUARY, EL, "seen",
     "Ұйымдар санының 10 жылдағы өзгерісі",
     "Изменение числа организаций за 10 лет",
     "Change in the number of organisations in 10 years"),
    ("residents_change", -0.54, "change", "exact", JANUARY, EL, "seen",
     "Олардағы тәрбиеленушілер санының 10 жылдағы өзгерісі",
     "Изменение числа воспитанников в них за 10 лет",
     "Change in the number of children living in them in 10 years"),
    ("mothers_houses", 21, "number", "exact", None, ANA, "seen",
     "2013 жылдан бері ашылған «Ана үйі» үйлері",
     "«Дома мамы», открытые с 2013 года",
     "Mothers' houses opened since 2013"),
    ("kept_children", 5_592, "number", "exact", None, ANA, "seen",
     "Соңғы 9 жылда ана үйлерінің арқасында балалар үйіне түспеген балалар",
     "Дети, не попавшие в детские дома за последние 9 лет благодаря домам мамы",
     "Children who did not go to children's homes in the last 9 years thanks to mothers' houses"),
    ("refusals_prevented", 0.69, "share", "exact", None, ANA, "seen",
     "Баладан бас тартудың алды алынған жағдайлары",
     "Предотвращённые отказы от детей",
     "Refusals of children that were prevented"),
    ("indicators", 10, "number", "exact", FEBRUARY, ZAKON_KK, "seen",
     "Тұжырымдаманың тиімділігін бағалайтын индикаторлар, барлығы",
     "Индикаторы оценки эффективности Концепции, всего",
     "Indicators to evaluate the Concept's effectiveness, in all"),
    ("indicators", 10, "number", "exact", date(2026, 1, 27), "zakon.kz", "seen",
     "Әр бағыттағы индикаторлар (министрдің сөзі)",
     "Индикаторы в каждом направлении (слова министра)",
     "Indicators in each direction (the minister's words)"),
    ("measures", 158, "number", "exact", FEBRUARY, ZAKON_KK, "seen",
     "Тұжырымдаманың іс-шаралары", "Мероприятия Концепции", "Activities of the Concept"),
    ("measures", 150, "number", "exact", date(2026, 1, 27), "zakon.kz", "seen",
     "Тармақтар (министрдің сөзі)", "Пункты (слова министра)", "Points (the minister's words)"),
    ("directions", 4, "number", "exact", FEBRUARY, ZAKON_KK, "seen",
     "Тұжырымдаманың басым бағыттары",
     "Приоритетные направления Концепции",
     "Priority directions of the Concept"),
]  # fmt: skip
# What a source says in words: topic, as of, source, what it is, what it says.
SAID = [
    ("residents_change", JANUARY, EL,
     ("Олардағы тәрбиеленушілер санының 10 жылдағы өзгерісі (тақырыпта)",
      "Изменение числа воспитанников в них за 10 лет (в заголовке)",
      "Change in the number of children living in them in 10 years (in the headline)"),
     ("екі есе азайды", "сократилось вдвое", "halved")),
    ("document", FEBRUARY, ZAKON_KK,
     ("«Қазақстан балалары» 2026–2030 құжаты қалай аталады",
      "Как называется документ «Дети Казахстана» 2026–2030",
      "What the document “Children of Kazakhstan” 2026–2030 is called"),
     ("тұжырымдама", "концепция", "concept")),
    ("document", None, PRESS,
     ("«Қазақстан балалары» 2026–2030 құжаты қалай аталады",
      "Как называется документ «Дети Казахстана» 2026–2030",
      "What the document “Children of Kazakhstan” 2026–2030 is called"),
     ("бағдарлама", "программа", "programme")),
]  # fmt: skip


def upgrade() -> None:
    table = op.create_table(
        "published_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("value_to", sa.Double(), nullable=True),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("exactness", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("certainty", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(value is null) <> (said is null)", name=op.f("ck_published_figure_value_or_words")
        ),
        sa.CheckConstraint(
            "value_to is null or value_to > value", name=op.f("ck_published_figure_range")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["published_figure.id"], name=op.f("fk_published_figure_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_published_figure_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figure")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_published_figure_corrects_id")),
    )
    op.create_index("ix_published_figure_topic", "published_figure", ["topic"], unique=False)
    op.bulk_insert(table, [_number(*row) for row in FIGURES] + [_words(*row) for row in SAID])


def _number(topic, value, unit, exactness, as_of, source, certainty, *names):
    low, high = value if isinstance(value, tuple) else (value, None)
    return _row(topic, as_of, source, names) | {
        "value": low,
        "value_to": high,
        "unit": unit,
        "exactness": exactness,
        "certainty": certainty,
    }


def _words(topic, as_of, source, names, said):
    return _row(topic, as_of, source, names) | {"said": _spoken(said)}


def _row(topic, as_of, source, names):
    return {
        "topic": topic,
        "names": _spoken(names),
        "value": None,
        "value_to": None,
        "said": None,
        "unit": "number",
        "exactness": "exact",
        "as_of": as_of,
        "source": source,
        "certainty": "seen",
        "withdrawn": False,
        "recorded_at": AT,
    }


def _spoken(words):
    return dict(zip(("kk", "ru", "en"), words, strict=True))


def downgrade() -> None:
    op.drop_table("published_figure")
