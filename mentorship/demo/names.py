"""Our own lists of names, and whole names drawn from them in the right form for a sex."""

from random import Random

from mentorship.people.vocabulary import Sex


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


KAZAKH_BOYS = _listed(
    "Қанат Ерлан Нұрлан Арман Дәулет Асқар Бауыржан Ержан Жандос Мұрат Серік Талғат Әлихан "
    "Санжар Дархан Нұрсұлтан Алмас Айдос Бекзат Мадияр Ғани Өмір Олжас Рауан Сұңқар Темірлан "
    "Ұлан Ықылас Ілияс Ислам Жәнібек Кәрім Марат Бақытжан Қайрат Әділ Абай Ринат Тимур Дінмұхамед"
)
KAZAKH_GIRLS = _listed(
    "Айгүл Әсел Гүлнәр Динара Жанар Мәдина Назерке Сәуле Айжан Ботагөз Әйгерім Қарлығаш Меруерт "
    "Томирис Аружан Інжу Ұлжан Шолпан Зере Аяулым Гүлжан Перизат Сымбат Балнұр Дана Еңлік Жібек "
    "Қымбат Ләззат Мөлдір Нұргүл Раушан Сандуғаш Фарида Айару Әмина Камила Нұрай Сабина Тоғжан"
)
RUSSIAN_BOYS = _listed(
    "Александр Дмитрий Иван Никита Артём Максим Сергей Андрей Алексей Михаил Кирилл Егор Роман "
    "Павел Владимир Данил Илья Степан Тимофей Виктор"
)
RUSSIAN_GIRLS = _listed(
    "Анна Мария Екатерина Дарья Ольга Татьяна Наталья Елена Светлана Ирина Юлия Полина Алина "
    "Ксения Вероника Виктория Софья Людмила Галина Кристина"
)
# Family names in the masculine; those that change take -а in the feminine.
KAZAKH_FAMILIES = _listed(
    "Ахметов Сәрсенов Жұмабаев Оспанов Нұрғалиев Әбдірахманов Бекмұратов Қасымов Тілеуов "
    "Мұқанов Сейітов Досжанов Ибраев Кенжебеков Омаров Рахымов Смағұлов Төлегенов Үсенов "
    "Шәріпов Ысқақов Ғалымов Жақсыбеков Қалиев Әлімбаев Байжанов Дүйсенбаев Есенов Исаев Өтегенов "
    "Сағындық Бекболат Серікбай Тоқтар Әлімжан Мұратбек Қуаныш Ерғали Жолдас Нұрлыбек"
)
RUSSIAN_FAMILIES = _listed(
    "Иванов Кузнецов Попов Соколов Лебедев Козлов Новиков Морозов Волков Зайцев Павлов Семёнов "
    "Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов Беляев Тарасов Белов Комаров Орлов "
    "Киселёв Макаров Андреев Ковалёв Ильин Гусев Титов Шевченко Бондаренко Мельник Шмидт Вебер Ким"
)
UZBEK_FAMILIES = _listed("Каримов Юлдашев Рахимов Усманов Турсунов Хакимов Мирзаев Холматов")
UYGHUR_FAMILIES = _listed("Розиев Исмаилов Тохтиев Абдуллаев Сетивалдиев Камалов Айсаев Самсаков")
CHANGING = ("ов", "ев", "ёв", "ин")
# A father's name with both forms of the patronymic.
RUSSIAN_FATHERS = (
    ("Александрович", "Александровна"),
    ("Сергеевич", "Сергеевна"),
    ("Иванович", "Ивановна"),
    ("Викторович", "Викторовна"),
    ("Андреевич", "Андреевна"),
    ("Николаевич", "Николаевна"),
    ("Петрович", "Петровна"),
    ("Олегович", "Олеговна"),
    ("Дмитриевич", "Дмитриевна"),
    ("Павлович", "Павловна"),
)
GIVEN = {
    ("kk", Sex.MALE): KAZAKH_BOYS,
    ("kk", Sex.FEMALE): KAZAKH_GIRLS,
    ("ru", Sex.MALE): RUSSIAN_BOYS,
    ("ru", Sex.FEMALE): RUSSIAN_GIRLS,
}
FAMILIES = {
    "kk": KAZAKH_FAMILIES,
    "ru": RUSSIAN_FAMILIES,
    "uz": UZBEK_FAMILIES,
    "ug": UYGHUR_FAMILIES,
}


def draw_name(random: Random, language: str, sex: Sex) -> tuple[str, str, str | None]:
    """A family name, a given name and mostly a patronymic that fit the language and the sex."""
    tradition = "ru" if language == "ru" else "kk"
    family = random.choice(FAMILIES.get(language, KAZAKH_FAMILIES))
    given = random.choice(GIVEN[tradition, sex])
    return family_name(family, sex), given, _patronymic(random, tradition, sex)


def family_name(masculine: str, sex: Sex) -> str:
    """The family name in the form for this sex."""
    changes = sex is Sex.FEMALE and masculine.endswith(CHANGING)
    return masculine + "а" if changes else masculine


def _patronymic(random: Random, tradition: str, sex: Sex) -> str | None:
    if random.random() < 0.1:
        return None
    if tradition == "ru":
        return random.choice(RUSSIAN_FATHERS)[0 if sex is Sex.MALE else 1]
    return random.choice(KAZAKH_BOYS) + ("ұлы" if sex is Sex.MALE else "қызы")
