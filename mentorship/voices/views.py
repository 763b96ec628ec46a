from datetime import date, timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Select

from mentorship import clock
from mentorship.check_ins.models import SOON_DAYS, CheckIn, Way
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.clock import months_after
from mentorship.database import db
from mentorship.errors import AlreadyDone
from mentorship.i18n import LOCALES, chosen_language, speaking
from mentorship.matches.models import Match
from mentorship.matches.queries import find_match
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.places.queries import find_centre
from mentorship.voices import chart, queries, report, results, services, transport
from mentorship.voices.facts import Flags, Voice, flags
from mentorship.voices.models import VoiceLink
from mentorship.voices.pages import bp, secret
from mentorship.voices.schemas import answers_in, told_schema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

__all__ = ["bp"]

WHOSE = "<any(child, carer):voice>"
CHART_MONTHS = 12
SOON = timedelta(days=SOON_DAYS)


@bp.record_once
def _give_parts(state: Any) -> None:
    state.app.jinja_env.globals.update(
        voice_code=lambda link: transport.spaced(transport.code_of(link.nonce, secret())),
        voice_address=_address,
        voice_entry=lambda: _base() + url_for("voices.enter"),
    )


def _base() -> str:
    return str(current_app.config["SETTINGS"].base_url)


def _address(link: VoiceLink) -> str:
    """The whole address of a link, for the tablet or the letter."""
    return _base() + url_for("voices.show", token=transport.token_of(link, secret()))


def _match(match_id: int) -> Match:
    return find_match(db.session, current_user, match_id) or abort(404)


def _link(link_id: int) -> VoiceLink:
    return queries.find_link(db.session, current_user, link_id) or abort(404)


def _language_of(match: Match, voice: Voice) -> str:
    """What a page begins to speak; who reads it can change that."""
    tongue = match.child.first_language if voice == Voice.CHILD else chosen_language()
    return tongue if tongue in LOCALES else "kk"


@bp.get("/matches/<int:match_id>/voices")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def of_match(match_id: int) -> Any:
    match, on = _match(match_id), clock.today()
    first = max(match.started_on, months_after(on, -CHART_MONTHS))
    answers = queries.answers_of_match(db.session, match.id)
    months = report.months(
        queries.meetings_rated(db.session, match.id, match.started_on),
        queries.contacts_held(db.session, match.id),
        answers,
    )
    words = queries.latest_voices(db.session, [match.id])[match.id]
    page = render_template(
        "voices/of_match.html",
        match=match,
        months=months,
        words_of=words,
        flags=_flags(match, words, on),
        drawings={v: chart.draw(report.ratings(months, v), first, on) for v in Voice},
        at=chart,
        links=queries.links_of_match(db.session, match.id),
    )
    return noted(match.child, page, match=match.id)


def _flags(match: Match, words: dict[Voice, Any], on: date) -> Flags:
    if not match.is_open:
        return Flags()
    return flags(words, match.started_on, on, services.limits(db.session))


@bp.post(f"/matches/<int:match_id>/voices/{WHOSE}/link")
@requires(Permission.CARE_FOR_MATCHES)
def make(match_id: int, voice: str) -> Any:
    match = _match(match_id)
    _make(match, Voice(voice))
    db.session.commit()
    flash(gettext("The link is made. Nobody needs a password to open it."))
    return redirect(url_for("voices.of_match", match_id=match_id, _anchor="links"))


def _make(match: Match, voice: Voice) -> VoiceLink:
    return services.make_link(
        db.session,
        match,
        voice,
        language=_language_of(match, voice),
        secret=secret(),
        by=current_user.id,
        at=clock.now(),
    )


@bp.post("/voice-links/<int:link_id>/revoke")
@requires(Permission.CARE_FOR_MATCHES)
def revoke(link_id: int) -> Any:
    link = _link(link_id)
    services.revoke_link(db.session, link, by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The link is revoked. Nobody can answer by it any more."))
    return redirect(url_for("voices.of_match", match_id=link.match_id, _anchor="links"))


@bp.post("/voice-links/<int:link_id>/send")
@requires(Permission.CARE_FOR_MATCHES)
def send(link_id: int) -> Any:
    link = _link(link_id)
    services.send_link(db.session, link, address=_address(link), by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The link is on its way to the organisation. The message names nobody."))
    return redirect(url_for("voices.of_match", match_id=link.match_id, _anchor="links"))


@bp.route(f"/matches/<int:match_id>/voices/{WHOSE}/answers", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def write_down(match_id: int, voice: str) -> Any:
    match, whose = _match(match_id), Voice(voice)
    form = Form(told_schema(whose), answered_on=clock.today())
    if form.submitted() and form.saved(
        lambda: results.record_told(
            db.session,
            match,
            whose,
            answers_in(form.data, whose),
            note=form.data["note"],
            on=form.data["answered_on"],
            way=Way(form.data["way"]),
            language=_language_of(match, whose),
            by=current_user.id,
            at=clock.now(),
        ),
        {"before_start": "answered_on"},
        once=True,
    ):
        flash(gettext("The answers are recorded."))
        return redirect(url_for("voices.of_match", match_id=match_id))
    page = form.page("voices/write_down.html", match=match, voice=whose)
    return noted(match.child, page, match=match.id)


@bp.get("/voices")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["centre", "due", "child"], ["region", "voice"])
    on = clock.today()
    query: Select[Any] = queries.due_contacts(current_user, on + SOON)
    if listing.filters.get("voice") in ("child", "carer"):
        query = query.where(CheckIn.kind == listing.filters["voice"])
    if "region" in listing.filters:
        query = query.where(Centre.region == listing.filters["region"])
    orders = {"centre": Centre.sort_key, "due": CheckIn.due_on, "child": Child.sort_key}
    listing.fill(db.session, query, orders, CheckIn.id)
    matches = {row.CheckIn.match_id: row.CheckIn.match for row in listing.rows}
    words, limits = queries.latest_voices(db.session, matches), services.limits(db.session)
    return render_template(
        "voices/index.html",
        listing=listing,
        links=queries.newest_links(db.session, matches),
        flags={
            number: flags(words[number], match.started_on, on, limits)
            for number, match in matches.items()
        },
    )


def _centre(centre_id: int) -> Centre:
    return find_centre(db.session, current_user.scope, centre_id) or abort(404)


@bp.post("/voices/centres/<int:centre_id>/links")
@requires(Permission.CARE_FOR_MATCHES)
def make_all(centre_id: int) -> Any:
    centre = _centre(centre_id)
    made = 0
    until = clock.today() + SOON
    asked = queries.children_to_ask(db.session, current_user, centre.id, until, clock.now())
    for match in sorted(asked, key=lambda match: match.id):  # locked in this order everywhere
        try:
            _make(match, Voice.CHILD)
        except AlreadyDone:  # closed at this moment
            continue
        made += 1
    db.session.commit()
    flash(ngettext("%(num)d link is made.", "%(num)d links are made.", made))
    return redirect(url_for("voices.sheet", centre_id=centre_id))


@bp.get("/voices/centres/<int:centre_id>/sheet")
@requires(Permission.CARE_FOR_MATCHES)
def sheet(centre_id: int) -> Any:
    centre = _centre(centre_id)
    links = queries.working_links(db.session, current_user, centre.id, clock.now())
    slips = []
    for link in links:
        with speaking(link.language):  # who reads a slip is the child
            slips.append(Markup(render_template("voices/_slip.html", link=link)))
    return render_template("voices/sheet.html", centre=centre, links=links, slips=slips)
