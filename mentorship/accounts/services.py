import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import SignInAttempt, User, UserRegion
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
    by: int,
) -> None:
    """Change what somebody may do; a new role or scope ends their open sessions."""
    wanted = sorted(set(regions))
    before = (user.role, user.all_regions, [row.region for row in user.regions])
    if (role, all_regions, wanted) != before:
        user.session_version += 1
    user.name, user.role, user.all_regions, user.language = name, role, all_regions, language
    user.regions = [row for row in user.regions if row.region in wanted] + [
        UserRegion(region=code) for code in wanted if code not in before[2]
    ]
    audit.record("changed_user", user, by=by, role=role)


def set_active(session: Session, user: User, active: bool, *, by: int) -> None:
    """Let somebody in again, or shut them out at once everywhere."""
    if user.id == by and not active:
        raise Invalid("own_account")
    user.active = active
    user.session_version += 1
    audit.record("activated_user" if active else "deactivated_user", user, by=by)


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
