"""What people agree to: our own plain-language text of each consent, newest version only.

When a sentence changes, give it a new version here and in `words.VERSIONS`: consents given to
an older one are marked on the child's page. It is the programme's own text, not the ministry's.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

VERSION = "2026-11"


@dataclass(frozen=True)
class ConsentText:
    """A title, paragraphs, and the line that is signed."""

    title: Any
    paragraphs: tuple[Any, ...]
    yes: Any


GUARDIAN = ConsentText(
    title=_l("Consent to mentoring"),
    paragraphs=(
        _l(
            "Mentoring means that an adult of this country regularly spends time with a child "
            "who lives in an organisation for orphans, so that the child is readier for "
            "independent life. It is unpaid. It is neither guardianship nor adoption: the child "
            "stays in the organisation and the representative's duties do not change."
        ),
        _l(
            "The mentor is trained, has passed a test, holds a certificate and is checked again "
            "every year. A mentor about whom something adverse becomes known does not meet the "
            "child."
        ),
        _l(
            "This consent lets the programme look for a mentor. It does not choose one: you and "
            "the child are asked again about each mentor, and the two meet only after both say "
            "yes and an agreement is signed."
        ),
        _l(
            "You may take this consent back at any time, on paper, in person or by phone, and "
            "you need not give a reason. Then nobody is proposed any more and meetings stop; "
            "staff speak with the child about how to say goodbye."
        ),
        _l("If you are worried about a child, call 111 at any hour; in danger, call 102."),
    ),
    yes=_l("I agree that a mentor is looked for."),
)
OWN = ConsentText(
    title=_l("Would you like a mentor?"),
    paragraphs=(
        _l("A mentor is a grown-up who is on your side."),
        _l("You meet, talk, play, learn things and go places together."),
        _l("A mentor is not a new parent. You stay where you live now."),
        _l("You can say yes. You can say no. Both are fine."),
        _l("Nobody may be angry with you for saying no."),
        _l("We will ask you again before you meet anybody."),
        _l("You can stop at any time. You do not have to say why."),
        _l("Tell somebody you trust, and we will stop."),
        _l("A mentor may never hurt you or ask you to keep secrets."),
        _l("If something feels wrong, tell us, or call 111. It is free, day and night."),
    ),
    yes=_l("I would like to have a mentor."),
)
DATA = ConsentText(
    title=_l("Consent to the use of the child's personal data"),
    paragraphs=(
        _l(
            "To look for a mentor the programme keeps this about the child: name, date of birth, "
            "identification number where it is given, organisation, languages, interests, wishes, "
            "days that suit, needs in plain categories, brothers and sisters, and consents. No "
            "diagnoses and no photographs are kept."
        ),
        _l(
            "Coordinators of the child's region see it. A mentor sees the first name, age, "
            "interests and organisation, and no more. Every reading is noted: who and when."
        ),
        _l(
            "The data serve mentoring only. A computer program suggests pairs; people decide, "
            "and you may ask them why. Figures that leave the programme have no names."
        ),
        _l(
            "The data are kept as long as the purpose asks for and are then destroyed as the law "
            "on personal data says."
        ),
        _l(
            "You may ask what is kept, have it corrected, and take this consent back at any "
            "time. Then nobody is proposed any more and meetings stop; what the law obliges the "
            "programme to keep is kept and not used for matching."
        ),
    ),
    yes=_l("I agree that the child's personal data are used for mentoring."),
)
TEXTS = {"guardian": GUARDIAN, "own": OWN, "data": DATA}
