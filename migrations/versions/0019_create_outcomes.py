"""create goals, surveys and steps of independence"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OFTEN = [
    {"kk": "Ешқашан", "ru": "Никогда", "en": "Never"},
    {"kk": "Сирек", "ru": "Редко", "en": "Rarely"},
    {"kk": "Кейде", "ru": "Иногда", "en": "Sometimes"},
    {"kk": "Жиі", "ru": "Часто", "en": "Often"},
    {"kk": "Әрқашан", "ru": "Всегда", "en": "Always"},
]
SCORING = {"rule": "mean", "least_answered_percent": 80}


def item(code, kk, ru, en, reverse=False, watch=False):
    """`reverse`: often is bad. `watch`: the bad end of the scale is a reason to talk."""
    return {
        "code": code,
        "text": {"kk": kk, "ru": ru, "en": en},
        "reverse": reverse,
        "watch": watch,
    }


FOR_CHILDREN = {
    "title": {
        "kk": "Сен мен тәлімгерің",
        "ru": "Ты и твой наставник",
        "en": "You and your mentor",
    },
    "introduction": {
        "kk": "Мұнда дұрыс не бұрыс жауап жоқ. Өзің қалай сезінсең, солай айт. Жауап бергің келмесе, сұрақты өткізіп жібере аласың.",
        "ru": "Здесь нет правильных и неправильных ответов. Отвечай так, как чувствуешь. Если не хочешь отвечать, можно пропустить вопрос.",
        "en": "There are no right or wrong answers here. Say how it is. If you do not want to answer, skip the question.",
    },
    "scale": OFTEN,
    "scoring": SCORING,
    "items": [
        item("look_forward", "Тәлімгеріңмен кездесуді асыға күтесің бе?", "Ты ждёшь встречи с наставником?", "Do you look forward to seeing your mentor?"),
        item("listens", "Тәлімгерің сені зейін қойып тыңдай ма?", "Наставник внимательно тебя слушает?", "Does your mentor listen to you carefully?"),
        item("at_ease", "Тәлімгеріңнің жанында өзіңді еркін сезінесің бе?", "Тебе легко и свободно рядом с наставником?", "Do you feel free and at ease with your mentor?"),
        item("keeps_word", "Тәлімгерің берген уәдесін орындай ма?", "Наставник делает то, что обещал?", "Does your mentor do what they promised?"),
        item("decide", "Немен айналысатындарыңды бірге шешесіңдер ме?", "Вы вместе решаете, чем заняться?", "Do you decide together what to do?"),
        item("bored", "Кездесу кезінде ішің пыса ма?", "Тебе бывает скучно на встречах?", "Are you bored when you meet?", reverse=True),
        item("tells", "Саған қиын болғанда, тәлімгеріңе айтасың ба?", "Когда тебе трудно, ты говоришь об этом наставнику?", "Do you tell your mentor when something is hard for you?"),
        item("uneasy", "Тәлімгеріңнің жанында өзіңді жайсыз сезінетін кездерің бола ма?", "Бывает ли, что тебе неприятно или неловко рядом с наставником?", "Are there moments when it is unpleasant or awkward to be with your mentor?", reverse=True, watch=True),
    ],
}  # fmt: skip
FOR_MENTORS = {
    "title": {
        "kk": "Сіз бен бала",
        "ru": "Вы и ребёнок",
        "en": "You and the child",
    },
    "introduction": {
        "kk": "Дұрыс не бұрыс жауап жоқ. Жауаптарыңыз қай жерде қолдау керегін үйлестірушіге көрсетеді.",
        "ru": "Правильных и неправильных ответов нет. Ваши ответы покажут координатору, где нужна поддержка.",
        "en": "There are no right or wrong answers. Yours show your coordinator where support is needed.",
    },
    "scale": OFTEN,
    "scoring": SCORING,
    "items": [
        item("enjoy", "Баламен өткізген уақыт Сізге ұнай ма?", "Вам нравится время, проведённое с ребёнком?", "Do you enjoy the time with the child?"),
        item("confides", "Бала өзі үшін маңызды нәрселерді Сізге айта ма?", "Ребёнок рассказывает Вам о том, что для него важно?", "Does the child tell you about what matters to them?"),
        item("understand", "Балаға дәл қазір не қажет екенін түсінесіз бе?", "Вы понимаете, что сейчас нужно ребёнку?", "Do you understand what the child needs at the moment?"),
        item("as_agreed", "Кездесулер келіскендей өте ме?", "Встречи проходят так, как вы договорились?", "Do your meetings take place as you agreed?"),
        item("no_time", "Кездесуге уақыт табу Сізге қиын бола ма?", "Вам бывает трудно найти время для встреч?", "Is it hard for you to find the time to meet?", reverse=True, watch=True),
        item("distant", "Бала Сізден өзін алшақ ұстайтындай көріне ме?", "Вам кажется, что ребёнок держится отстранённо?", "Does it feel as if the child keeps away from you?", reverse=True),
        item("disagree", "Келіспей қалғанда, мәселені бірге сабырмен шеше аласыздар ма?", "Когда вы не согласны друг с другом, вам удаётся спокойно договориться?", "When you disagree, do you settle it calmly together?"),
        item("support", "Қажет болғанда қызметкерлерден көмек аласыз ба?", "Вы получаете помощь сотрудников, когда она нужна?", "Do you get help from the staff when you need it?", watch=True),
        item("doubt", "Осы балаға лайықты адаммын ба деп күмәнданасыз ба?", "Вы сомневаетесь, подходите ли Вы этому ребёнку?", "Do you doubt whether you are the right person for this child?", reverse=True),
        item("does_good", "Кездесулердің балаға пайдасы тиіп жатқанын байқайсыз ба?", "Вы замечаете, что встречи идут ребёнку на пользу?", "Do you see that your meetings do the child good?"),
    ],
}  # fmt: skip
STEPS = (
    ("online", 10, "Интернетте қауіпсіз болу: құпиясөз, бейтаныс адамдар, фотосуреттер", "Быть в безопасности в интернете: пароли, незнакомцы, фотографии", "Stay safe online: passwords, strangers, photos"),
    ("getting_about", 11, "Қалада автобуспен өз бетінше жүре білу", "Самостоятельно добраться по городу на автобусе", "Find the way around the city by bus"),
    ("cooking", 11, "Екі адамға кешкі ас әзірлеу", "Приготовить ужин на двоих", "Cook a dinner for two"),
    ("household", 11, "Киімі мен бөлмесін күтіп ұстау", "Ухаживать за одеждой и комнатой", "Look after clothes and a room"),
    ("first_aid", 12, "Алғашқы көмек көрсетуді және 112, 102, 111 нөмірлерін білу", "Уметь оказать первую помощь и знать номера 112, 102, 111", "Know first aid and the numbers 112, 102, 111"),
    ("rights", 12, "Өз құқықтарын және кімге хабарласу керегін білу", "Знать свои права и к кому обратиться", "Know one's rights and whom to call"),
    ("savings", 12, "Өзіне керек затқа ақша жинау", "Накопить на что-то своё", "Save up for something of one's own"),
    ("budget", 13, "Ақшасын бір аптаға жоспарлау", "Распланировать деньги на неделю", "Plan the money for a week"),
    ("appointment", 13, "Дәрігерге өзі жазылу", "Самостоятельно записаться к врачу", "Make an appointment with a doctor"),
    ("papers", 14, "Құжаттарының қайда екенін білу: туу туралы куәлік, ЖСН", "Знать, где документы: свидетельство о рождении, ИИН", "Know where one's papers are: birth certificate, IIN"),
    ("health", 14, "Денсаулығына не қажет екенін және емхананың қайда екенін білу", "Знать, что важно для своего здоровья и где поликлиника", "Know what one's health needs and where the clinic is"),
    ("bank", 14, "Өзінің банк шоты және ондағы ақша туралы білу", "Знать о своём счёте в банке и о деньгах на нём", "Know about one's bank account and what is on it"),
    ("study", 14, "Қайда оқитынын таңдау: мектеп, колледж, университет", "Выбрать, где учиться: школа, колледж, университет", "Choose where to study: school, college, university"),
    ("housing", 14, "Тұрғын үй кезегі туралы білу: өтініш берілген бе, қай кезеңде", "Узнать об очереди на жильё: подано ли заявление и на каком оно этапе", "Find out about the housing queue: whether there is an application, and where it stands"),
    ("work", 15, "Жұмыс істеп көру: кәсіпорынға бару, тәжірибеден өту, жазғы жұмыс", "Попробовать работу: экскурсия, практика, летняя подработка", "Try work: a visit, practice, a summer job"),
    ("people", 15, "Орталықтан шыққаннан кейін хабарласуға болатын үш адамды атау", "Назвать трёх людей, к которым можно обратиться после выпуска", "Name three people to turn to after leaving the centre"),
    ("identity_card", 16, "Жеке куәлік алу", "Получить удостоверение личности", "Get an identity card"),
    ("resume", 16, "Оқуға немесе жұмысқа тұру үшін түйіндеме жазу", "Составить резюме для учёбы или работы", "Write a CV for study or work"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=14), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=12), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("importance between 1 and 3", name=op.f("ck_goal_importance")),
        sa.CheckConstraint(
            "(ended_on is null) = (end_reason is null)", name=op.f("ck_goal_end_is_whole")
        ),
        sa.CheckConstraint("ended_on is null or ended_on >= agreed_on", name=op.f("ck_goal_dates")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_goal_match_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_goal_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_goal_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_match_ended", "goal", ["match_id", "ended_on"], unique=False)

    op.create_table(
        "goal_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("rated_by", sa.Integer(), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("level between -2 and 2", name=op.f("ck_goal_rating_level")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_rating_goal_id")),
        sa.ForeignKeyConstraint(["rated_by"], ["user.id"], name=op.f("fk_goal_rating_rated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_rating")),
        sa.UniqueConstraint("goal_id", "rated_on", name=op.f("uq_goal_rating_goal_id_rated_on")),
    )

    instrument = op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("activated_by", sa.Integer(), nullable=True),
        sa.Column("activated_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_instrument_added_by")),
        sa.ForeignKeyConstraint(
            ["activated_by"], ["user.id"], name=op.f("fk_instrument_activated_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_instrument_code_version")),
    )
    op.create_index(
        "uq_instrument_active_side",
        "instrument",
        ["side"],
        unique=True,
        sqlite_where=sa.text("active IS 1"),
        postgresql_where=sa.text("active IS true"),
    )
    written = datetime(2026, 11, 22, 7)
    ours = {
        "version": 1,
        "source": "design: questions written for this programme, not taken from any instrument",
        "licence": "free to use and change within the programme; not validated",
        "active": True,
        "added_at": written,
        "activated_at": written,
    }
    op.bulk_insert(
        instrument,
        [
            {"code": "bond_child", "side": "child", "content": FOR_CHILDREN, **ours},
            {"code": "bond_mentor", "side": "mentor", "content": FOR_MENTORS, **ours},
        ],
    )

    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("instrument_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("skipped_on", sa.Date(), nullable=True),
        sa.Column("skipped_reason", sa.String(length=12), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "answered_on is null or skipped_on is null", name=op.f("ck_survey_one_end")
        ),
        sa.CheckConstraint(
            "(answered_on is null) = (instrument_id is null)"
            " and (answered_on is null) = (way is null)"
            " and (skipped_on is null) = (skipped_reason is null)",
            name=op.f("ck_survey_end_is_whole"),
        ),
        sa.CheckConstraint("score is null or score between 1 and 5", name=op.f("ck_survey_score")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_survey_match_id")),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_survey_instrument_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_survey_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("match_id", "side", "wave", name=op.f("uq_survey_match_id_side_wave")),
    )
    op.create_index("ix_survey_answered_due", "survey", ["answered_on", "due_on"], unique=False)

    life_step = op.create_table(
        "life_step",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("from_age", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_life_step")),
    )
    op.bulk_insert(
        life_step,
        [
            {
                "code": code,
                "position": position,
                "names": {"kk": kk, "ru": ru, "en": en},
                "from_age": age,
                "source": "design",
                "active": True,
            }
            for position, (code, age, kk, ru, en) in enumerate(STEPS, start=1)
        ],
    )

    op.create_table(
        "child_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null)",
            name=op.f("ck_child_step_confirmed_whole"),
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_step_child_id")),
        sa.ForeignKeyConstraint(["code"], ["life_step.code"], name=op.f("fk_child_step_code")),
        sa.ForeignKeyConstraint(["noted_by"], ["user.id"], name=op.f("fk_child_step_noted_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user.id"], name=op.f("fk_child_step_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_step")),
    )
    op.create_index(
        "ix_child_step_child_code", "child_step", ["child_id", "code", "id"], unique=False
    )


def downgrade() -> None:
    for table in ("child_step", "life_step", "survey", "instrument", "goal_rating", "goal"):
        op.drop_table(table)
