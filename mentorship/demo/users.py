"""The people who sign in to a demo, all with the same password."""

from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.config import DEMO_PASSWORD
from mentorship.permissions import Role

SIGN_INS = {
    "coordinator@example.org": ("Айгүл Үлгіқызы", Role.COORDINATOR),
    "mentor@example.org": ("Демо Тәлімгер", Role.MENTOR),
    "manager@example.org": ("Демо Басшы", Role.MANAGER),
    "admin@example.org": ("Демо Әкімші", Role.ADMINISTRATOR),
}
COORDINATED = ("35", "62")
COLLEAGUE = "colleague@example.org"  # the second person that some decisions need


def create_users(session: Session, at: datetime) -> dict[Role, User]:
    """The demo sign-ins by role."""
    create_user(
        session,
        email=COLLEAGUE,
        name="Сәуле Көмекқызы",
        role=Role.COORDINATOR,
        regions=COORDINATED,
        password=DEMO_PASSWORD,
        by=None,
        at=at,
    )
    return {
        role: create_user(
            session,
            email=email,
            name=name,
            role=role,
            regions=COORDINATED if role is Role.COORDINATOR else (),
            all_regions=role is Role.MANAGER,
            password=DEMO_PASSWORD,
            by=None,
            at=at,
        )
        for email, (name, role) in SIGN_INS.items()
    }
