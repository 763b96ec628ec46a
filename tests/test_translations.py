import re
import string
from enum import StrEnum

import pytest
from babel.messages.pofile import read_po

import matching
from mentorship.agreements.facts import Step
from mentorship.candidates import words as candidate_words
from mentorship.candidates.vocabulary import CandidateEnd, CandidateSource, LackCode, StepOutcome
from mentorship.candidates.vocabulary import Step as CandidateStep
from mentorship.check_ins.models import ContactKind, ContactState, RungStep, Way
from mentorship.children import words as child_words
from mentorship.children.models import (
    Answer,
    ConsentKind,
    ConsentWay,
    PlacementForm,
    SiblingRule,
)
from mentorship.concerns import models as concerns
from mentorship.concerns import words as concern_words
from mentorship.concerns.models import (
    ConcernOrigin,
    ConcernState,
    EventKind,
    ImmediateStep,
    Severity,
)
from mentorship.figures import catalogue as figures
from mentorship.figures import vocabulary as figure_codes
from mentorship.figures import words as figure_words
from mentorship.i18n import ALPHABET
from mentorship.indicators import vocabulary as indicators
from mentorship.indicators import words as indicator_words
from mentorship.matches.models import (
    ClosureReason,
    DeclineReason,
    EndedBy,
    EndReason,
    MentorAnswer,
    PreparationStatus,
    ProposalStatus,
)
from mentorship.meetings import words as meeting_words
from mentorship.meetings.models import CancelledBy, MeetingKind, SubstituteStatus
from mentorship.mentors import words as mentor_words
from mentorship.mentors.models import ClearanceResult, ConflictKind, MentorStatus, PauseReason
from mentorship.messages import words as message_words
from mentorship.messages.models import MessageStatus
from mentorship.messages.policies import Channel, Topic
from mentorship.moves import words as move_words
from mentorship.outcomes import vocabulary as outcomes
from mentorship.outcomes import words as outcome_words
from mentorship.papers import words as paper_words
from mentorship.papers.models import PaperType, RemovalReason
from mentorship.people import words as people_words
from mentorship.people.vocabulary import (
    INTERESTS,
    Language,
    Level,
    Need,
    Relation,
    Sex,
    Visits,
)
from mentorship.permissions import Role
from mentorship.places.models import CentreKind
from mentorship.places.regions import REGIONS, TOWNS
from mentorship.qualification import words as qualification_words
from mentorship.qualification.facts import PaperState
from mentorship.qualification.models import SuspensionCause
from mentorship.retention import why_words
from mentorship.retention.why import Trait
from mentorship.retention.why_endings import Band
from mentorship.reviews import words as review_words
from mentorship.reviews.models import ReviewCause, ReviewDecision
from mentorship.signs import words as sign_words
from mentorship.signs.vocabulary import NextAction, SignKind
from mentorship.supply import vocabulary as supply
from mentorship.supply import words as supply_words
from mentorship.training import words as training_words
from mentorship.training.models import CorrectionReason, CourseKind, Outcome, SessionState
from mentorship.voices import words as voice_words
from mentorship.voices.facts import Voice
from mentorship.web import problems, words
from mentorship.web.periods import Step as PeriodStep
from tests import catalogues

KAZAKH, RUSSIAN, ENGLISH = "kk", "ru", "en"
LANGUAGES = (KAZAKH, RUSSIAN, ENGLISH)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
WORDS: list[tuple[type[StrEnum], dict[str, object]]] = [
    (Role, words.ROLES),
    (figures.Kind, figure_words.SINCE),
    (figures.Unit, figure_words.UNITS),
    (PeriodStep, figure_words.STEPS_OVER_TIME),
    (figure_codes.Ending, figure_words.ENDINGS),
    (figure_codes.Tongue, figure_words.TONGUES),
    (figure_codes.Training, figure_words.TRAININGS),
    (figure_codes.Distance, figure_words.DISTANCES),
    (figure_codes.Age, figure_words.AGES),
    (indicators.Formula, indicator_words.FORMULAS),
    (indicators.Direction, indicator_words.DIRECTIONS),
    (Sex, words.SEXES),
    (Language, words.LANGUAGES),
    (Level, words.LEVELS),
    (CentreKind, words.CENTRE_KINDS),
    (MentorStatus, words.MENTOR_STATUSES),
    (ClearanceResult, words.CLEARANCE_RESULTS),
    (ConsentKind, words.CONSENT_KINDS),
    (ProposalStatus, words.PROPOSAL_STATUSES),
    (DeclineReason, words.DECLINE_REASONS),
    (PreparationStatus, words.PREPARATION_STATUSES),
    (MentorAnswer, words.MENTOR_ANSWERS),
    (EndReason, words.END_REASONS),
    (Step, words.STEPS),
    (ClosureReason, words.CLOSURE_REASONS),
    (EndedBy, words.ENDED_BY),
    (ContactKind, words.CONTACT_KINDS),
    (Way, words.CONTACT_WAYS),
    (ContactState, words.CONTACT_STATES),
    (RungStep, words.RUNG_STEPS),
    (MeetingKind, words.MEETING_KINDS),
    (CancelledBy, meeting_words.CANCELLED_BY),
    (CancelledBy, meeting_words.CANCELLED),
    (SubstituteStatus, meeting_words.SUBSTITUTES),
    (PlacementForm, move_words.FORMS),
    (ConsentWay, move_words.WAYS),
    (ConsentKind, move_words.WHOSE),
    (outcomes.GoalArea, outcome_words.AREAS),
    (outcomes.GoalEnd, outcome_words.GOAL_ENDS),
    (outcomes.SurveySide, outcome_words.SIDES),
    (outcomes.SurveyWay, outcome_words.WAYS),
    (outcomes.SkipReason, outcome_words.SKIP_REASONS),
    (outcomes.StepState, outcome_words.STATES),
    (ReviewCause, review_words.CAUSES),
    (ReviewCause, review_words.ADVICE),
    (ReviewDecision, review_words.DECISIONS),
    (Severity, concern_words.SEVERITIES),
    (Severity, concern_words.SHORT),
    (ConcernOrigin, concern_words.ORIGINS),
    (ConcernState, concern_words.STATES),
    (ImmediateStep, concern_words.STEPS),
    (concerns.Outcome, concern_words.OUTCOMES),
    (EventKind, concern_words.EVENTS),
    (MessageStatus, words.MESSAGE_STATUSES),
    (Topic, message_words.TOPICS),
    (Channel, message_words.CHANNELS),
    (CandidateStep, candidate_words.STEPS),
    (StepOutcome, candidate_words.OUTCOMES),
    (CandidateSource, candidate_words.SOURCES),
    (CandidateEnd, candidate_words.ENDS),
    (LackCode, candidate_words.LACKS),
    (PaperType, paper_words.KINDS),
    (RemovalReason, paper_words.REMOVAL_REASONS),
    (SiblingRule, child_words.SIBLING_RULES),
    (Answer, child_words.ANSWERS),
    (Relation, child_words.RELATIONS),
    (Visits, child_words.VISITS),
    (PauseReason, mentor_words.PAUSE_REASONS),
    (ConflictKind, mentor_words.CONFLICT_KINDS),
    (Need, people_words.NEEDS),
    (CourseKind, training_words.COURSE_KINDS),
    (SessionState, training_words.SESSION_STATES),
    (Outcome, training_words.OUTCOMES),
    (CorrectionReason, training_words.CORRECTION_REASONS),
    (SuspensionCause, qualification_words.CAUSES),
    (PaperState, qualification_words.PAPER_STATES),
    (Voice, voice_words.VOICES),
    (Band, why_words.BANDS),
    (Trait, why_words.TRAITS),
    (SignKind, sign_words.KINDS),
    (NextAction, sign_words.ACTIONS),
    (supply.Topic, supply_words.TOPICS),
    (supply.Unit, supply_words.UNITS),
    (supply.Exactness, supply_words.EXACTNESS),
    (supply.Certainty, supply_words.CERTAINTIES),
    (supply.Step, supply_words.STEPS),
]


@pytest.fixture(scope="module")
def wanted():
    return {message.id for message in catalogues.messages(catalogues.extracted())}


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_of_the_service_is_in_the_catalogue(code, wanted):
    present = {message.id for message in catalogues.messages(catalogues.read(code))}
    assert sorted(forms(text)[0] for text in wanted - present) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_catalogue_holds_nothing_the_service_does_not_say(code, wanted):
    catalogue = catalogues.read(code)
    present = {message.id for message in catalogues.messages(catalogue)}
    assert sorted(forms(text)[0] for text in present - wanted) == []
    assert not catalogue.obsolete


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_has_its_words_and_none_is_a_guess(code):
    catalogue = catalogues.read(code)
    assert [m.id for m in catalogues.messages(catalogue) if catalogues.is_empty(m)] == []
    assert [m.id for m in catalogues.messages(catalogue) if m.fuzzy] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_plural_has_as_many_forms_as_the_language(code):
    catalogue = catalogues.read(code)
    assert catalogue.num_plurals == {KAZAKH: 2, RUSSIAN: 3, ENGLISH: 2}[code]
    for message in catalogues.messages(catalogue):
        if message.pluralizable:
            assert len(message.string) == catalogue.num_plurals, message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_names_the_same_facts_as_the_message(code):
    for message in catalogues.messages(catalogues.read(code)):
        facts = {name for text in forms(message.id) for name in PLACEHOLDER.findall(text)}
        for text in forms(message.string):
            assert set(PLACEHOLDER.findall(text)) == facts, f"{message.id}: {text}"


def test_the_file_of_a_language_can_be_read_by_the_gettext_tools():
    for code in LANGUAGES:
        with catalogues.path(code).open("rb") as file:
            read_po(file, abort_invalid=True)


def test_english_says_what_the_message_says():
    for message in catalogues.messages(catalogues.read(ENGLISH)):
        assert forms(message.string) == forms(message.id)


def cyrillic(text):
    """The text without facts, markup and names that stay in Latin letters."""
    return re.sub(r"%\(\w+\)[a-z]|\{\w+\}|<[^>]+>|https?://\S+|\S+@\S+", "", text)


@pytest.mark.parametrize("code", [KAZAKH, RUSSIAN])
def test_no_cyrillic_word_hides_a_latin_letter(code):
    mixed = re.compile(r"(?=\w*[A-Za-z])(?=\w*[Ѐ-ӿ])\w+")
    for message in catalogues.messages(catalogues.read(code)):
        for text in forms(message.string):
            assert mixed.findall(cyrillic(text)) == [], text


def test_russian_sentences_have_no_kazakh_letter():
    for message in catalogues.messages(catalogues.read(RUSSIAN)):
        for text in forms(message.string):
            letters = set(text.lower()) & set("әғқңөұүһі")
            assert not letters or "Қазақша" in text, text


def test_kazakh_uses_the_42_letters_and_no_others():
    others = {chr(point) for point in range(0x400, 0x530)} - set(ALPHABET + ALPHABET.upper())
    for message in catalogues.messages(catalogues.read(KAZAKH)):
        for text in forms(message.string):
            assert not set(text) & others, text


@pytest.mark.parametrize("code", [KAZAKH, RUSSIAN])
def test_a_sentence_ends_as_the_message_ends(code):
    for message in catalogues.messages(catalogues.read(code)):
        for sign in ".?:":
            if forms(message.id)[0].endswith(sign):
                assert forms(message.string)[0].endswith(sign), message.id


@pytest.mark.parametrize("code", [KAZAKH, RUSSIAN])
def test_a_translation_is_really_translated(code):
    english = set(string.ascii_letters)
    same = [
        message.id
        for message in catalogues.messages(catalogues.read(code))
        for text in forms(message.string)
        if text in forms(message.id) and set(cyrillic(text)) & english
    ]
    names = {"CSV", "Excel", "Excel (XLSX)", "XLSX", "JSON", "English", "Python"}
    assert set(same) <= names | {"p = %(value)s"}


@pytest.mark.parametrize(("codes", "table"), WORDS, ids=[codes.__name__ for codes, _ in WORDS])
def test_every_code_has_its_words(codes, table):
    assert set(table) == set(codes)


def test_every_rule_and_every_preference_of_the_engine_has_its_words():
    assert set(words.RULES) >= set(matching.RULES)
    assert set(words.CRITERIA) == set(matching.CRITERIA)


def test_every_interest_region_and_town_has_a_name_in_each_language():
    for interest in INTERESTS.values():
        assert all(interest[code] for code in LANGUAGES)
    for place in (*REGIONS.values(), *TOWNS):
        assert all(place.name(code) for code in LANGUAGES)


def refusals():
    """The codes of every refusal that the code raises: Invalid("code"), NotEligible("code")."""
    raised = re.compile(
        r"\b(?:Invalid|AlreadyDone|NotEligible|Stale|DomainError|TooManyAttempts)\(\s*\"(\w+)\""
    )
    return {
        code
        for path in sorted((catalogues.ROOT / "mentorship").rglob("*.py"))
        for code in raised.findall(path.read_text("utf-8"))
    }


def test_every_refusal_has_its_sentence():
    assert refusals() >= {"email_in_use", "own_account", "link_expired", "form_already_saved"}
    assert sorted(refusals() - set(problems.PROBLEMS)) == []


@pytest.mark.parametrize("status", ["400", "403", "404", "405", "413", "429", "500", "503"])
def test_every_status_has_its_error_page(status):
    assert words.has_failure(status)
