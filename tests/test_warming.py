from datetime import date

from mentorship import clock
from mentorship.figures.store import rebuild
from mentorship.warming import warm
from tests import factories


def build(store):
    made = rebuild(store, clock.today(), clock.now())
    store.commit()
    return made.mark


def counted(statements):
    return [each for each in statements if "FROM monthly_count" in each or "match_fact" in each]


def test_a_worker_reads_a_new_build_before_anybody_asks(app, store, sign_in, statements):
    adult = factories.mentor(store, birth_date=date(1990, 2, 3))
    young = factories.child(store, birth_date=date(2012, 4, 5))
    factories.match(store, mentor=adult, child=young, started_on=date(2024, 3, 1))
    client = sign_in(factories.manager(store))
    mark = build(store)
    del statements[:]
    assert warm(app, None) == mark
    assert counted(statements)
    del statements[:]
    for address in ("/overview", "/practice/pipeline", "/retention"):
        client.page(address)
    assert counted(statements) == []


def test_a_build_is_read_once_and_one_that_never_was_is_not_missed(app, store, statements):
    assert warm(app, None) is None
    mark = build(store)
    del statements[:]
    assert warm(app, mark) == mark
    assert len(statements) == 1
