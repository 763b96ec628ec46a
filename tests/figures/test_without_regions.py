import pytest

from mentorship import clock
from mentorship.figures.store import rebuild
from tests import factories
from tests.factories import AT

PAGES = (
    *("/overview", "/retention", "/retention/children", "/retention/mentors", "/retention/cohorts"),
    *("/retention/endings", "/retention/why", "/practice", "/practice/pipeline", "/supply"),
    *("/supply/children", "/supply/organisations", "/supply/published", "/candidates/figures"),
    *("/figures/matches_active", "/figures/share_on_time", "/reports"),
)


@pytest.mark.parametrize("asked", ["", "?as=csv"])
def test_a_coordinator_without_regions_is_shown_pages_of_nobody(store, sign_in, asked):
    factories.eligible_match(store, started_on=clock.today())
    rebuild(store, clock.today(), AT)
    coordinator = sign_in(factories.coordinator(store, regions=()))
    report = f"/reports/{clock.today():%Y-%m}"
    for page in (*PAGES, report):
        assert coordinator.get(page + asked).status_code == 200, page
