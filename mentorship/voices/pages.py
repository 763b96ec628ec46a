"""What is answered without signing in: the address itself is the secret.

No session is read or begun, so that there is nothing another site could ride on: a form from
elsewhere would have to know the address, and who knows it needs no form. What a browser says
comes from another site is refused all the same.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from mentorship import clock
from mentorship.accounts.services import TooManyAttempts
from mentorship.database import db
from mentorship.i18n import DEFAULT, LOCALES, as_day, speaking
from mentorship.permissions import Permission, requires
from mentorship.voices import notices, queries, results, services, words
from mentorship.voices.facts import QUESTIONS, Voice
from mentorship.voices.models import VoiceLink
from mentorship.voices.schemas import CodeSchema, answers_in, carer_schema
from mentorship.voices.transport import token_of
from mentorship.web.forms import Form
from mentorship.web.problems import problem
from mentorship.web.security import csrf

bp = Blueprint("voices", __name__)
_NAMES = ("enter", "show", "answer_all", "speak", "ask", "talk", "talking", "thank")
PUBLIC = {f"voices.{name}" for name in _NAMES}
LARGEST = 64 * 1024  # a carer's two texts at their longest, in the widest letters
THANKED = timedelta(minutes=15)


@bp.record_once
def _give_words(state: Any) -> None:
    state.app.jinja_env.globals.update(voice_words=words)


@bp.before_request
def _refuse_strangers() -> Any:
    """Refuse what is too large, and what a browser says another site sends."""
    if request.endpoint not in PUBLIC or request.method != "POST":
        return None
    request.max_content_length = LARGEST
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    too_large = (request.content_length or 0) > LARGEST
    return None if from_here and not too_large else _over(413 if too_large else 403)


@bp.after_request
def _tell_nobody(response: Response) -> Response:
    """The address stays on this page: it is sent to nobody, and to no search engine."""
    if request.endpoint in PUBLIC:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _staff_address(link: VoiceLink) -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base + url_for("voices.of_match", match_id=link.match_id)


def _over(status: int = 404) -> tuple[str, int]:
    """The same short page for every link that does not work, whatever the reason."""
    db.session.rollback()
    said = []
    for code in LOCALES:
        with speaking(code):
            said.append(
                {
                    "code": code,
                    "title": gettext("This page cannot be opened"),
                    "advice": gettext("It works once and for a few days. Ask for a new number."),
                    "call": gettext("Free, day and night, if you want to talk to someone."),
                }
            )
    with speaking(DEFAULT):
        return render_template("voices/over.html", said=said), status


def _found(token: str) -> VoiceLink | None:
    """The link of an address while somebody may answer by it."""
    link = services.find_link(db.session, token, secret())
    return link if link is not None and link.works(clock.now()) else None


@bp.route("/v", methods=["GET", "POST"])
@requires(Permission.ANYONE)
def enter() -> Any:
    asked = request.args.get("language", "")
    with speaking(asked if asked in LOCALES else DEFAULT):
        form, status = Form(CodeSchema()), 200
        if form.submitted():
            status, link = _by_number(form)
            if link is not None:
                return redirect(url_for("voices.show", token=token_of(link, secret())))
        page, wrong = form.page("voices/enter.html")
        return page, max(status, wrong)


def _by_number(form: Form) -> tuple[int, VoiceLink | None]:
    try:
        link = services.find_by_code(
            db.session,
            form.data["code"],
            secret=secret(),
            address=request.remote_addr or "",
            at=clock.now(),
        )
    except TooManyAttempts as error:
        form.refuse("code", problem(error))
        return error.status, None
    db.session.commit()
    if link is None:
        form.refuse("code", gettext("This number does not open a page. Look at the slip again."))
    return 200, link


@bp.get("/v/<token>")
@requires(Permission.ANYONE, audited=True)
def show(token: str) -> Any:
    link = _found(token)
    if link is None:
        return _over()
    services.open_link(db.session, link, at=clock.now())
    db.session.commit()
    with speaking(link.language):
        if link.voice == Voice.CARER:
            return _carer_page(link, token, Form(carer_schema()))
        return render_template("voices/hello.html", link=link, token=token)


def _carer_page(link: VoiceLink, token: str, form: Form) -> Any:
    asked = words.QUESTIONS[Voice.CARER]
    return form.page("voices/carer.html", link=link, token=token, words_of=asked)


@bp.post("/v/<token>")
@requires(Permission.ANYONE)
def answer_all(token: str) -> Any:
    link = _found(token)
    if link is None or link.voice != Voice.CARER:
        return _over()
    with speaking(link.language):
        form = Form(carer_schema())
        if not form.submitted():
            return _carer_page(link, token, form)
        done = results.answer_as_carer(
            db.session,
            link,
            answers_in(form.data, Voice.CARER),
            note=form.data["note"],
            worry=form.data["worry"],
            address=_staff_address(link),
            at=clock.now(),
        )
        db.session.commit()
        return redirect(url_for("voices.thank", token=token)) if done else _over()


@bp.post("/v/<token>/language")
@requires(Permission.ANYONE)
def speak(token: str) -> Any:
    link = _found(token)
    if link is None:
        return _over()
    code, back = request.form.get("language", ""), request.form.get("back", "")
    if code in LOCALES:
        results.choose_language(db.session, link, code, at=clock.now())
        db.session.commit()
    if link.voice == Voice.CHILD and back in ("1", "2", "3", "4", "5"):
        return redirect(url_for("voices.ask", token=token, number=int(back)))
    return redirect(url_for("voices.show", token=token))


@bp.route("/v/<token>/<int:number>", methods=["GET", "POST"])
@requires(Permission.ANYONE)
def ask(token: str, number: int) -> Any:
    link, questions = _found(token), QUESTIONS[Voice.CHILD]
    if link is None or link.voice != Voice.CHILD or not 1 <= number <= len(questions):
        return _over()
    if request.method == "POST" and request.form.get("step", "") in ("0", "1", "2", "3", "4", "5"):
        return _keep(link, token, number)
    given = link.answer.answers.get(questions[number - 1]) if link.answer else None
    with speaking(link.language):
        return render_template(
            "voices/question.html",
            link=link,
            token=token,
            number=number,
            count=len(questions),
            question=questions[number - 1],
            words_of=words.CHILD_QUESTIONS,
            given=given,
        )


def _keep(link: VoiceLink, token: str, number: int) -> Any:
    """Keep one answer at once; the last one uses the link up."""
    questions, at = QUESTIONS[Voice.CHILD], clock.now()
    step = int(request.form["step"]) or None
    kept = results.answer_question(db.session, link, questions[number - 1], step, at=at)
    last = number == len(questions)
    if kept and last:
        results.finish(db.session, link, address=_staff_address(link), at=at)
    db.session.commit()
    if not kept:
        return _over()
    if last:
        return redirect(url_for("voices.thank", token=token))
    return redirect(url_for("voices.ask", token=token, number=number + 1))


@bp.post("/v/<token>/talk")
@requires(Permission.ANYONE)
def talk(token: str) -> Any:
    link = services.find_link(db.session, token, secret())
    if link is None or link.voice != Voice.CHILD:
        return _over()
    with speaking(DEFAULT):  # who reads a concern reads the state language
        text = gettext(
            "The child pressed “I want to talk to someone”. What it is about is unknown."
        )
    heard = results.ask_to_talk(
        db.session, link, text=text, address=_staff_address(link), at=clock.now()
    )
    db.session.commit()
    return redirect(url_for("voices.talking", token=token)) if heard else _over()


@bp.get("/v/<token>/talking")
@requires(Permission.ANYONE)
def talking(token: str) -> Any:
    at, link = clock.now(), services.find_link(db.session, token, secret())
    asked = link is not None and link.answer is not None and link.answer.wants_to_talk
    if link is None or not asked or not link.hears(at):
        return _over()
    staff = notices.on_duty(db.session, link, at)
    with speaking(link.language):
        return render_template(
            "voices/talking.html",
            token=token,
            comes=staff[0].name if staff else None,
            by=as_day(queries.promised_by(db.session, link) or at),
            goes_on=_next_question(link) if link.works(at) else None,
        )


def _next_question(link: VoiceLink) -> int:
    """The first question without an answer, or the last."""
    given = link.answer.answers if link.answer else {}
    open_ones = [n for n, code in enumerate(QUESTIONS[Voice.CHILD], start=1) if code not in given]
    return open_ones[0] if open_ones else len(QUESTIONS[Voice.CHILD])


@bp.get("/v/<token>/thanks")
@requires(Permission.ANYONE)
def thank(token: str) -> Any:
    link = services.find_link(db.session, token, secret())
    if link is None or link.used_at is None or link.used_at + THANKED < clock.now():
        return _over()
    with speaking(link.language):
        return render_template("voices/thanks.html", link=link, token=token)


for _view in (enter, answer_all, speak, ask, talk):
    csrf.exempt(_view)
