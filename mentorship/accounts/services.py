import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import Leave, SignInAttempt, User, UserRegion
from mentorship.database import db
from mentorship.errors import AlreadyDone, DomainError, Invalid
from mentorship.permissions import Role

hasher = PasswordHasher()
# Checked when no such user exists, so that both answers take the same time.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
WINDOW = timedelta(minutes=15)
LIMITS = {"email": 5, "address": 50}
LINK_DAYS = 7
SHORTEST_PASSWORD = 10
SUPERVISORS = (Role.COORDINATOR, Role.MANAGER)


class TooManyAttempts(DomainError):
    """The throttle is closed for this name or address."""

    status = 429


def user_of_session(name: str) -> User | None:
    """The user a session names, unless deactivated or signed out everywhere since."""
    number, _, version = name.partition(":")
    if not (number.isdigit() and version.isdigit()):
        return None
    user = db.session.get(User, int(number))
    if user is None or not user.active or user.session_version != int(version):
        return None
    return user


def sign_in(
    session: Session, email: str, password: str, *, address: str, at: datetime, secret: str
) -> User | None:
    """The user whose password this is, or None; raises TooManyAttempts."""
    names = {"email": keyed_hash(email.casefold(), secret), "address": keyed_hash(address, secret)}
    for kind, subject in names.items():
        if _failures(session, kind, subject, at) >= LIMITS[kind]:
            raise TooManyAttempts("too_many_attempts")
    user = session.scalars(select(User).where(User.email == email.casefold())).first()
    right = _matches(user.password_hash if user else None, password)
    if user is None or not right or not user.active:
        session.add_all(SignInAttempt(kind=k, subject_hash=s, at=at) for k, s in names.items())
        return None
    user.signed_in_at = at
    audit.record("signed_in", user, by=user.id)
    return user


def keyed_hash(text: str, secret: str) -> str:
    """What a throttle remembers instead of a name or an address."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _failures(session: Session, kind: str, subject: str, at: datetime) -> int:
    counted = select(func.count()).where(
        SignInAttempt.kind == kind,
        SignInAttempt.subject_hash == subject,
        SignInAttempt.at > at - WINDOW,
    )
    return session.scalar(counted) or 0


def _matches(stored: str | None, password: str) -> bool:
    try:
        return hasher.verify(stored or NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    regions: Iterable[str] = (),
    all_regions: bool = False,
    language: str = "kk",
    password: str | None = None,
    supervisor_id: int | None = None,
    by: int | None,
    at: datetime,
) -> User:
    """Add somebody who may sign in; without a password until they follow their link."""
    if session.scalars(select(User).where(User.email == email.casefold())).first():
        raise AlreadyDone("email_in_use")
    user = User(
        email=email.casefold(),
        name=name,
        role=role,
        language=language,
        all_regions=all_regions,
        regions=[UserRegion(region=code) for code in sorted(set(regions))],
        password_hash=hasher.hash(password) if password else None,
        created_at=at,
        supervisor_id=_checked_supervisor(session, None, supervisor_id),
    )
    session.add(user)
    audit.record("created_user", user, by=by, session=session, role=role)
    return user


def change_user(
    session: Session,
    user: User,
    *,
    name: str,
    role: Role,
    regions: Iterable[str],
    all_regions: bool,
    language: str,
    supervisor_id: int | None = None,
    by: int,
    on: date,
) -> None:
    """Change what somebody may do; a new role or scope ends their open sessions.

    Raises Invalid where somebody would supervise themselves, directly or through others.
    """
    wanted = sorted(set(regions))
    before = (user.role, user.all_regions, [row.region for row in user.regions])
    if (role, all_regions, wanted) != before:
        user.session_version += 1
    user.supervisor_id = _checked_supervisor(session, user, supervisor_id)
    user.name, user.role, user.all_regions, user.language = name, role, all_regions, language
    if role != Role.COORDINATOR:
        end_leaves(session, user, on=on, by=by)
    user.regions = [row for row in user.regions if row.region in wanted] + [
        UserRegion(region=code) for code in wanted if code not in before[2]
    ]
    audit.record("changed_user", user, by=by, role=role)


def set_active(session: Session, user: User, active: bool, *, by: int, on: date) -> None:
    """Let somebody in again, or shut them out at once everywhere."""
    if user.id == by and not active:
        raise Invalid("own_account")
    user.active = active
    user.session_version += 1
    if not active:
        end_leaves(session, user, on=on, by=by)
    audit.record("activated_user" if active else "deactivated_user", user, by=by)


def end_leaves(session: Session, user: User, *, on: date, by: int | None) -> None:
    """End at once every leave of somebody, and every one they cover, that has not ended yet."""
    about = or_(Leave.user_id == user.id, Leave.cover_id == user.id)
    query = select(Leave).where(about, Leave.ended_on.is_(None), Leave.until_on >= on)
    for leave in session.scalars(query.order_by(Leave.id)):
        leave.ended_on = on
        audit.record("ended_leave", leave, by=by)


def _checked_supervisor(session: Session, user: User | None, number: int | None) -> int | None:
    """The supervisor, unless they cannot be one or report to this person themselves."""
    above, seen = number, set[int]()
    while above is not None and above not in seen:
        if user is not None and above == user.id:
            raise Invalid("supervisor_circle")
        seen.add(above)
        found = session.get(User, above)
        above = found.supervisor_id if found else None
    chosen = session.get(User, number) if number is not None else None
    if number is not None and (chosen is None or chosen.role not in SUPERVISORS):
        raise Invalid("supervisor_role")
    return number


def password_link(user: User, secret: str) -> str:
    """A token for setting the password: good once, for LINK_DAYS days."""
    return _links(secret).dumps([user.id, user.session_version])


def user_of_link(session: Session, token: str, secret: str) -> User:
    """Whose link this is; raises Invalid when it is old, used or not ours."""
    try:
        number, version = _links(secret).loads(token, max_age=LINK_DAYS * 86400)
    except (BadData, ValueError, TypeError) as error:
        raise Invalid("link_expired") from error
    user = session.get(User, number)
    if user is None or not user.active or user.session_version != version:
        raise Invalid("link_expired")
    return user


def set_password(user: User, password: str) -> None:
    """Set a password; ends every session and every link made before."""
    user.password_hash = hasher.hash(password)
    user.session_version += 1
    audit.record("set_password", user, by=user.id)


def _links(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="password")
