"""Charts as Chromium draws them: by day, by night, on a phone and on paper."""

from mentorship.permissions import Role
from tests.browser.conftest import SCREENS, check_axe, check_fits

OUTSIDE = """() => [...document.querySelectorAll("svg text")].filter(text => {
    const words = text.getBoundingClientRect();
    const paper = text.closest("svg").getBoundingClientRect();
    return words.left < paper.left - 1 || words.right > paper.right + 1;
}).map(text => text.textContent)"""
TILES = """() => [...document.querySelectorAll(".tile")].filter(tile => {
    const square = tile.querySelector("rect").getBoundingClientRect();
    return [...tile.querySelectorAll("text")].some(
        text => text.getBoundingClientRect().width > square.width);
}).map(tile => tile.textContent)"""
PAPER = """() => {
    const style = (css) => getComputedStyle(document.querySelector(css));
    return {
        places: style(".places").display, paper: style(".paper").display,
        ground: style("body").backgroundColor, ink: style("body").color,
        filters: style(".filters").display, link: style("main a").textDecorationLine,
    };
}"""


def test_figures_can_be_read_by_day_by_night_on_a_phone_and_on_paper(live, world, sign_in_as):
    page = sign_in_as(world.roles[Role.MANAGER])
    address = live.config["ADDRESS"] + "/overview?measure=matches_active"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        check_axe(page)
    page.set_viewport_size(SCREENS["phone"])
    for path in ("/overview", "/figures/share_on_time", "/supply"):
        page.goto(live.config["ADDRESS"] + path)
        check_fits(page)
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(TILES) == []
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PAPER) == {
        "places": "none",
        "paper": "flex",
        "ground": "rgb(255, 255, 255)",
        "ink": "rgb(0, 0, 0)",
        "filters": "none",
        "link": "none",
    }
    assert page.pdf(format="A4").startswith(b"%PDF")
