import re
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from mentorship import clock
from mentorship.accounts import services
from mentorship.accounts.models import User
from mentorship.accounts.schemas import NewPasswordSchema, SignInSchema, UserSchema
from mentorship.database import db
from mentorship.i18n import LOCALES
from mentorship.permissions import Permission, Role, requires
from mentorship.web import problems
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("accounts", __name__)


@bp.get("/")
@requires(Permission.ANYONE)
def home() -> Any:
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in"))
    return redirect(url_for(HOMES[current_user.role]))


SUPERVISOR = {"supervisor_circle": "supervisor_id", "supervisor_role": "supervisor_id"}
HOMES = {
    Role.COORDINATOR: "dashboard.today",
    Role.MENTOR: "meetings.my_children",
    Role.MANAGER: "dashboard.overview",
    Role.ADMINISTRATOR: "accounts.index",
}


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.ANYONE)
def sign_in() -> Any:
    form = Form(SignInSchema())
    if not form.submitted():
        return render_template("accounts/sign_in.html", form=form)
    try:
        user = services.sign_in(
            db.session,
            form.data["email"],
            form.data["password"],
            address=request.remote_addr or "",
            at=clock.now(),
            secret=current_app.config["SECRET_KEY"],
        )
    except services.TooManyAttempts as error:
        form.refuse("password", problems.problem(error))
        return render_template("accounts/sign_in.html", form=form), 429
    db.session.commit()
    if user is None:
        form.refuse("password", problems.PROBLEMS["wrong_password"])
        return render_template("accounts/sign_in.html", form=form), 422
    session.clear()
    login_user(user)
    session.permanent = True
    session["language"] = user.language
    return redirect(_inside(request.args.get("next")) or url_for("accounts.home"))


def _inside(address: str | None) -> str | None:
    """The address, when it is a path of this service and nothing else."""
    # Browsers drop tabs and line ends, so that "/<tab>/elsewhere" would lead elsewhere.
    inside = re.fullmatch(r"/(?![/\\])[^\x00-\x20\x7f]*", address or "")
    return address if inside else None


@bp.post("/sign-out")
@requires(Permission.ANYONE)
def sign_out() -> Any:
    language = session.get("language")
    logout_user()
    session.clear()
    session["language"] = language
    return redirect(url_for("accounts.sign_in"))


@bp.post("/language")
@requires(Permission.ANYONE)
def choose_language() -> Any:
    code = request.form.get("language", "")
    if code in LOCALES:
        session["language"] = code
        if current_user.is_authenticated:
            current_user.language = code
            db.session.commit()
    return redirect(_inside(request.form.get("next")) or url_for("accounts.home"))


@bp.route("/password/<token>", methods=["GET", "POST"])
@requires(Permission.ANYONE)
def set_password(token: str) -> Any:
    user = services.user_of_link(db.session, token, current_app.config["SECRET_KEY"])
    form = Form(NewPasswordSchema())
    if not form.submitted():
        return render_template("accounts/set_password.html", form=form, user=user)
    services.set_password(user, form.data["password"])
    db.session.commit()
    flash(gettext("Your password is set. Sign in with it."))
    return redirect(url_for("accounts.sign_in"))


@bp.get("/users")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    listing = Listing.from_request(["name", "email", "role"], ["role"])
    query = select(User)
    if listing.q:
        pattern = f"%{listing.q.casefold()}%"
        query = query.where(User.email.like(pattern) | User.name.ilike(f"%{listing.q}%"))
    if "role" in listing.filters:
        query = query.where(User.role == listing.filters["role"])
    orders = {"name": User.name, "email": User.email, "role": User.role}
    listing.fill(db.session, query, orders, User.id)
    return render_template("accounts/index.html", listing=listing)


@bp.route("/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def create() -> Any:
    form = Form(UserSchema(), language="kk")
    if form.submitted() and form.saved(
        lambda: services.create_user(db.session, **form.data, by=current_user.id, at=clock.now()),
        {"email_in_use": "email"} | SUPERVISOR,
        once=True,
    ):
        return redirect(url_for("accounts.show", user_id=form.result.id))
    return form.page("accounts/form.html", user=None)


@bp.get("/users/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def show(user_id: int) -> Any:
    return render_template("accounts/show.html", user=db.get_or_404(User, user_id))


@bp.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def edit(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    schema = UserSchema(exclude=["email", *(["role"] if user.role is Role.MENTOR else [])])
    form = Form(
        schema,
        name=user.name,
        role=user.role,
        language=user.language,
        all_regions=user.all_regions,
        regions=[row.region for row in user.regions],
        supervisor_id=user.supervisor_id,
    )
    if form.submitted() and form.saved(
        lambda: services.change_user(
            db.session,
            user,
            **{"role": user.role} | form.data,
            by=current_user.id,
            on=clock.today(),
        ),
        SUPERVISOR,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("accounts.show", user_id=user.id))
    return render_template("accounts/form.html", form=form, user=user)


@bp.post("/users/<int:user_id>/active")
@requires(Permission.MANAGE_USERS)
def set_active(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    active = request.form.get("active") == "1"
    services.set_active(db.session, user, active, by=current_user.id, on=clock.today())
    db.session.commit()
    flash(gettext("Changes saved."))
    return redirect(url_for("accounts.show", user_id=user.id))
