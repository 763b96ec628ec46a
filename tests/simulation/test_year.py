"""A year of 360 matches with two schedulers that are killed fifty times.

Longer, with the whole timetable every day and on PostgreSQL:
`YEAR=whole pytest -n0 --database postgresql tests/simulation -s`
"""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import bindparam, func, insert, select, update

from mentorship.check_ins.models import CheckIn, Rung
from mentorship.clock import ALMATY
from mentorship.matches.models import Match
from mentorship.messages.models import Message, MessageStatus
from mentorship.reviews.models import Hold, ReviewCause
from tests import factories
from tests.check_ins.test_schedule import CARER, MENTOR, REVIEW, Pause, plain
from tests.jobs.test_runner import ROOT, child_environment
from tests.simulation.oracle import Contact, Life, live
from tests.simulation.scheduler import ALL, NEEDED, ONLY_SENDING, Board

DAY = timedelta(days=1)
FIRST, LAST = date(2027, 1, 4), date(2028, 1, 3)  # Mondays
MATCHES, KILLS = 360, 50
REGIONS = ("35", "39", "62", "10")
PLANS = {"mentor": MENTOR, "child": MENTOR, "carer": CARER, "review": REVIEW}
WHOLE = os.environ.get("YEAR") == "whole"
DOWN = {date(2027, 3, 15), *(date(2027, 6, day) for day in range(17, 22))}
WARM = {
    date(2027, 2, 2),
    date(2027, 4, 27),
    date(2027, 7, 6),
}  # when there is something to be quick with
SET_BACK, SET_AHEAD = date(2027, 4, 26), date(2027, 9, 27)


def awake(day):
    """Whether a scheduler works on that day; in the short year on every other Monday only."""
    return day not in DOWN and (WHOLE or (day - FIRST).days % 14 == 0)


class Sink:
    """A mail server that keeps its letters' names; now and then it is busy, or hangs up."""

    def __init__(self, dice, board):
        self.dice, self.board = dice, board
        self.copies, self.refused, self.hung_up, self.at_night = Counter(), 0, 0, 0
        self.killed = None
        self.armed = False  # the sender of the next letter is killed before it hears of it

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.dice.random() < 0.02:
            self.refused += 1
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = re.search(rb"^Message-ID: (\S+)", envelope.content, re.M | re.I).group(1).decode()
        if self.dice.random() < 0.005:  # taken whole, but lost before it was confirmed
            self.hung_up += 1
            server.transport.close()
            return "421 gone"
        self.copies[name] += 1
        hour = datetime.fromtimestamp(self.board.instant, ALMATY).hour
        self.at_night += not 8 <= hour < 21
        if self.armed:
            self.armed, self.killed = False, int(self.board.working)
            os.kill(self.killed, 9)
        return "250 OK"


class Schedulers:
    """Two schedulers, and the process that forks new ones in the place of the killed."""

    def __init__(self, path, environment):
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation.scheduler", str(path)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._parent.stdout.readline() == "ready\n"
        self.alive = []

    def _ask(self, word):
        self._parent.stdin.write(f"{word}\n")
        self._parent.stdin.flush()
        return self._parent.stdout.readline()

    def start(self):
        while len(self.alive) < 2:
            self.alive.append(int(self._ask("fork")))

    def warm(self):
        assert self._ask("warm") == "warm\n"

    def kill(self, number):
        os.kill(number, 9)
        self.alive.remove(number)

    def kill_all(self):
        for number in list(self.alive):
            self.kill(number)

    def stop(self):
        self.kill_all()
        self._parent.stdin.close()
        self._parent.stdout.close()
        self._parent.wait(20)


def noon(day):
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def people(session):
    """Coordinators with their supervisors, and mentors and children who wait to be matched."""
    supervisors = {region: factories.manager(session) for region in REGIONS}
    coordinators = {
        region: factories.coordinator(session, regions=(region,), supervisor=supervisors[region])
        for region in REGIONS
    }
    centres = {region: factories.centre(session, region=region) for region in REGIONS}
    kinds = factories.required_kinds(session)
    pairs = []
    for number in range(MATCHES):
        region = REGIONS[number % len(REGIONS)]
        adult = factories._mentor_row(birth_date=date(1990, 5, 17), region=region)
        until = {"expires_on": date(2030, 1, 1)}
        adult.certificates = [factories._certificate(issued_on=date(2026, 12, 1), **until)]
        checked = {"checked_on": date(2026, 12, 1), "valid_until": date(2030, 1, 1)}
        adult.clearances = [
            factories._clearance(kind=kind, result="clear", **checked) for kind in kinds
        ]
        young = factories._child_row(
            session, birth_date=date(2014, 1, 1), centre=centres[region], region=region
        )
        pairs.append((region, adult, young))
    with session.no_autoflush:
        session.add_all(row for _, *two in pairs for row in two)
    session.flush()
    for _, adult, _ in pairs:
        factories.mentor_user(session, mentor=adult)
    session.commit()
    ids = {region: user.id for region, user in coordinators.items()}
    above = {region: user.id for region, user in supervisors.items()}
    return pairs, ids, above


def lives(pairs, dice):
    """When each match begins, and which of them are on hold for a while."""
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days - 20)]
    found = []
    for number, (region, adult, _) in enumerate(pairs, start=1):
        began = dice.choice([day for day in days if day not in DOWN])
        found.append(Life(number, region, adult.user_id, began))
    for life in dice.sample(found, 50):
        busy = {day for plan in PLANS.values() for day in plain(plan, life.started_on, LAST, [])}
        first = life.started_on + dice.randint(3, 120) * DAY
        while first in busy | DOWN:
            first += DAY
        until = first + dice.randint(2, 60) * DAY
        while until in DOWN:
            until += DAY
        if until < LAST:
            life.holds.append((first, until))
    return found


def contacts_of(life, dice):
    """Everything that falls due in the year, and when somebody gets round to it."""
    pauses = [Pause(*held) for held in life.holds]
    for kind, plan in PLANS.items():
        days = plain(plan, life.started_on, LAST, pauses)
        before = plain(plan, life.started_on, LAST + 90 * DAY, []) if pauses else days
        for due_on, first_due_on in zip(days, before, strict=False):
            late = dice.choice([0] * 20 + [1, 1, 2, 4, 5, 8, 16, 25, None])
            held_on = None if late is None else due_on + late * DAY
            if held_on is not None:  # what no scheduler has planned yet, nobody can note
                held_on = max(held_on, planned_on(life, due_on))
            yield Contact(life, kind, due_on, held_on, first_due_on)


row = CheckIn.__table__
HELD = (
    row.update()
    .where(row.c.match_id == bindparam("match"), row.c.kind == bindparam("of"))
    .where(row.c.due_on == bindparam("due"), row.c.missed_on.is_(None))
    .values(held_on=bindparam("day"), way="phone", recorded_at=bindparam("at"))
)


def planned_on(life, due_on):
    """The first morning on which a scheduler knows that day of a contact."""
    day = max([until for first, until in life.holds if due_on > first], default=life.started_on)
    day += DAY
    while not awake(day):
        day += DAY
    return day


class Programme:
    """What people do at noon: matches begin and rest, contacts are held."""

    def __init__(self, session, pairs, found, contacts):
        self._session, self._pairs = session, pairs
        self._begins, self._held, self._holds = {}, {}, {}
        for life in found:
            self._begins.setdefault(life.started_on, []).append(life)
            for first, until in life.holds:
                self._holds.setdefault(first, []).append((life, True))
                self._holds.setdefault(until, []).append((life, False))
        for one in contacts:
            if one.held_on is not None:
                self._held.setdefault(one.held_on, []).append(one)

    def at_noon(self, day):
        session, at = self._session, noon(day)
        for life in self._begins.get(day, []):
            _, adult, young = self._pairs[life.id - 1]
            given = {"mentor_id": adult.id, "child_id": young.id, "started_on": day}
            session.execute(insert(Match).values(id=life.id, version=1, approved_at=at, **given))
        for life, begins in self._holds.get(day, []):
            if begins:
                cause = {"cause": ReviewCause.CONSENT_WITHDRAWN, "opened_at": at}
                session.execute(insert(Hold).values(match_id=life.id, **cause))
            else:
                mine = update(Hold).where(Hold.match_id == life.id, Hold.ended_at.is_(None))
                session.execute(mine.values(ended_at=at))
        held = [
            {"match": one.life.id, "of": one.kind, "due": one.due_on, "day": day, "at": at}
            for one in self._held.get(day, [])
        ]
        if held:
            session.connection().execute(HELD, held)
        session.commit()


def steps():
    """The instants of the year, with what happens before each."""
    day = FIRST + DAY
    while day <= LAST:
        if not awake(day):
            yield "down" if day in DOWN else "asleep", day, None
            yield "noon", day, None
        else:
            morning = datetime(day.year, day.month, day.day, 8, 5, tzinfo=ALMATY)
            yield "work", day, morning
            if day == SET_BACK:
                yield "work", None, morning - timedelta(days=14)
            yield "noon", day, None
            yield "work", None, morning + timedelta(hours=5)
            if day == SET_AHEAD:
                yield "work", None, morning + timedelta(hours=28)
            if day.day > 21:
                yield "night", None, morning + timedelta(hours=14, minutes=25)
        day += DAY


class Driver:
    """Shows the schedulers one instant after the other, and kills them at bad moments.

    Every fourth is killed at the worst: the mail server has the letter, and says so to nobody.
    """

    def __init__(self, board, schedulers, sink, dice, kill_at):
        self.board, self.schedulers, self.sink, self.dice = board, schedulers, sink, dice
        self.kill_at, self.kills, self.waited = kill_at, 0, 0.05

    def show(self, instant, jobs=None):
        board, number = self.board, int(self.board.step) + 1
        if jobs is None:
            jobs = ALL if WHOLE or instant.astimezone(ALMATY).day < 4 else NEEDED
        killed = number in self.kill_at
        worst = killed and self.dice.random() < 0.25
        self.sink.armed, self.sink.killed = worst, None
        board.put(instant=instant.timestamp(), jobs=jobs, step=number)
        began = time.monotonic()
        if killed and not worst:
            time.sleep(self.dice.random() * self.waited)
            self._kill_one()
        while board.done < number:
            time.sleep(0.002)
            self._replace_the_killed()
            assert time.monotonic() < began + 60, "no scheduler does the work"
        self._replace_the_killed()
        if self.sink.armed:  # no letter left at this instant
            self.sink.armed = False
            self._kill_one()
        self.waited = time.monotonic() - began

    def _replace_the_killed(self):
        if self.sink.killed is not None:
            self._replace(self.sink.killed)
            self.sink.killed = None

    def _kill_one(self):
        working = int(self.board.working)
        alive = self.schedulers.alive
        here = working if working in alive else alive[0]
        other = next(one for one in alive if one != here)
        chosen = here if self.dice.random() < 0.85 else other
        os.kill(chosen, 9)
        self._replace(chosen)

    def _replace(self, killed):
        self.schedulers.alive.remove(killed)
        self.schedulers.start()
        self.kills += 1


def scattered(dice, number):
    return set(dice.sample(range(5, number), KILLS))


@pytest.fixture
def board(tmp_path):
    made = Board(tmp_path / "board")
    made.put(instant=datetime(2027, 1, 4, 3, 5, tzinfo=UTC).timestamp())
    return made


@pytest.fixture
def sink(board):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Sink(random.Random(7), board)
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    handler.port = port
    yield handler
    controller.stop()


def test_a_year_of_360_matches_loses_nothing_to_fifty_kills(config, store, board, sink, tmp_path):
    dice = random.Random(2027)
    pairs, coordinators, supervisors = people(store)
    found = lives(pairs, dice)
    contacts = [one for life in found for one in contacts_of(life, dice)]
    programme = Programme(store, pairs, found, contacts)
    programme.at_noon(FIRST)
    mail = {"MAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    schedulers = Schedulers(tmp_path / "board", child_environment(config) | mail)
    plan = list(steps())
    shown = sum(kind in ("work", "night") for kind, *_ in plan)
    driver = Driver(board, schedulers, sink, dice, scattered(dice, shown))
    began = time.monotonic()
    try:
        schedulers.start()
        for kind, day, instant in plan:
            if day in WARM:
                schedulers.warm()
            if kind == "down":
                schedulers.kill_all()
            elif kind == "noon":
                programme.at_noon(day)
            elif instant is not None:
                schedulers.start()
                driver.show(instant)
        schedulers.start()
        for number in range(1, 7):  # what was refused at the end is sent again
            driver.show(noon(LAST) + number * timedelta(hours=25), ONLY_SENDING)
    finally:
        schedulers.stop()
    seconds = time.monotonic() - began
    mornings = {day for kind, day, _ in plan if kind == "work" and day}
    mornings.add(SET_AHEAD + DAY)  # it was lived through a day early, or then anew
    expected = live(contacts, sorted(mornings), coordinators, supervisors)
    agree(store, expected, sink, driver)
    print(
        f"\n{len(contacts)} contacts, {len(expected.rungs)} steps, {len(sink.copies)} letters,"
        f" {driver.kills} kills, {sink.refused} refused, {sink.hung_up} hung up,"
        f" {extra_copies(sink)} second copies, {seconds:.0f} s"
    )


def extra_copies(sink):
    return sum(number - 1 for number in sink.copies.values())


def agree(store, expected, sink, driver):
    """Compare the database and the mail server with what must have happened."""
    assert driver.kills == KILLS and driver.board.failed == 0
    columns = (CheckIn.match_id, CheckIn.kind, CheckIn.due_on, CheckIn.held_on, CheckIn.missed_on)
    there = [tuple(row) for row in store.execute(select(*columns).where(CheckIn.due_on <= LAST))]
    assert len(there) == len(set(there))
    known = {
        (one.life.id, one.kind, one.due_on, one.held_on_by(LAST), one.missed_on)
        for one in expected.contacts
    }
    assert set(there) == known
    climbed = select(CheckIn.match_id, CheckIn.kind, CheckIn.due_on, Rung.step, Rung.reached_on)
    rows = store.execute(climbed.join(Rung).where(Rung.reached_on <= LAST))
    assert sorted(map(tuple, rows)) == sorted(expected.rungs)
    keys = select(Message.key).where(
        Message.kind.in_(("check_in_reminder", "contact_wanted", "contacts_overdue_long"))
    )
    assert set(store.scalars(keys)) == expected.keys
    left = select(func.count()).where(Message.status != MessageStatus.SENT)
    assert store.scalar(left) == 0
    names = set(store.scalars(select(Message.message_id)))
    assert set(sink.copies) == names  # each arrived, under its own name
    assert extra_copies(sink) <= driver.kills
    assert sink.at_night == 0
