"""The service: create_app() is the only place that knows every feature."""

from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from mentorship import cli, i18n, permissions
from mentorship.accounts import views as accounts
from mentorship.accounts.services import user_of_session
from mentorship.agreements import views as agreements
from mentorship.authorities import views as authorities
from mentorship.calendars import views as calendars
from mentorship.candidates import views as candidates
from mentorship.check_ins import views as check_ins
from mentorship.children import views as children
from mentorship.children import words as child_words
from mentorship.closing import views as closing
from mentorship.concerns import views as concerns
from mentorship.config import Config
from mentorship.cover import views as cover
from mentorship.dashboard import views as dashboard
from mentorship.database import db, engine_options
from mentorship.decisions import views as decisions
from mentorship.encryption import keyring
from mentorship.explanations import views as explanations
from mentorship.figures import views as figures
from mentorship.indicators import views as indicators
from mentorship.jobs import views as jobs
from mentorship.kin import views as kin
from mentorship.matches import views as matches
from mentorship.meetings import views as meetings
from mentorship.mentors import views as mentors
from mentorship.mentors import words as mentor_words
from mentorship.messages import views as messages
from mentorship.moves import views as moves
from mentorship.outcomes import views as outcomes
from mentorship.papers import views as papers
from mentorship.people import words as people_words
from mentorship.places import views as places
from mentorship.places import words as place_words
from mentorship.practice import views as practice
from mentorship.qualification import views as qualification
from mentorship.records import views as records
from mentorship.registers import views as registers
from mentorship.reports import views as reports
from mentorship.retention import views as retention
from mentorship.reviews import views as reviews
from mentorship.rounds import views as rounds
from mentorship.rules import views as rules
from mentorship.signs import views as signs
from mentorship.supply import views as supply
from mentorship.training import views as training
from mentorship.voices import views as voices
from mentorship.web import failures, numbers, pages, security

ROOT = Path(__file__).resolve().parent.parent
FEATURES = (
    accounts,
    places,
    authorities,
    mentors,
    children,
    papers,
    kin,
    training,
    matches,
    rounds,
    explanations,
    records,
    agreements,
    decisions,
    reviews,
    qualification,
    moves,
    candidates,
    meetings,
    check_ins,
    concerns,
    calendars,
    voices,
    outcomes,
    closing,
    signs,
    cover,
    dashboard,
    messages,
    jobs,
    registers,
    retention,
    rules,
    figures,
    practice,
    supply,
    indicators,
    reports,
)
MAX_UPLOAD = 11 * 1024 * 1024  # a file of 10 MB and the form around it


def create_app(config: Config | None = None) -> Flask:
    """The whole service as a WSGI application."""
    settings = config or Config.from_environment()
    app = Flask(
        "mentorship", root_path=str(ROOT / "mentorship"), template_folder=str(ROOT / "templates")
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        BABEL_DEFAULT_LOCALE="kk",
        BABEL_DEFAULT_TIMEZONE="Asia/Almaty",
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )
    security.configure_logging()
    keyring.configure(settings.pii_keys)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    i18n.babel.init_app(app, locale_selector=i18n.choose_locale)
    security.init_app(app, allowed_hosts=settings.allowed_hosts, https=settings.secure_cookies)
    _init_sign_in(app)
    permissions.init_app(app)
    failures.init_app(app)
    numbers.init_app(app)
    pages.init_app(app)
    place_words.init_app(app)
    people_words.init_app(app)
    mentor_words.init_app(app)
    child_words.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    cli.init_app(app)
    return app


def _init_sign_in(app: Flask) -> None:
    login = LoginManager(app)
    login.user_loader(user_of_session)
