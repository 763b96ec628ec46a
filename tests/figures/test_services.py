from datetime import date, timedelta

from mentorship.figures.queries import newest_build
from mentorship.figures.services import rebuild_nightly
from tests.bulk_register import at

SATURDAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def test_figures_are_made_whole_the_first_time_and_on_sundays(database):
    made = [rebuild_nightly(database, day, at(day)) for day in (SATURDAY - DAY, SATURDAY)]
    made.append(rebuild_nightly(database, SATURDAY + DAY, at(SATURDAY + DAY)))
    assert [build.whole for build in made] == [True, False, True]
    assert newest_build(database) is made[-1]


def test_a_second_night_of_the_same_day_makes_nothing(database):
    assert rebuild_nightly(database, SATURDAY, at(SATURDAY)) is not None
    assert rebuild_nightly(database, SATURDAY, at(SATURDAY)) is None


def test_the_command_makes_the_figures_and_says_up_to_which_day(app):
    answer = app.test_cli_runner().invoke(args=["figures", "rebuild"])
    assert answer.exit_code == 0
    assert answer.output.startswith("figures up to 20")
