"""The assignment engine: who could mentor whom, the best plan for all, and the proof.

Pure: NumPy and OR-Tools, no web framework, no database, no clock, no files except the policy.
"""

from matching.assign import assign
from matching.change import Comparison, Diff, Moved, compare, diff, replan
from matching.errors import PlanError, PolicyError, ProblemError
from matching.explain import NearMentor, WhyNot, WhyUnmatched, why, why_not, why_unmatched
from matching.fairness import Fairness, GroupShare, fairness
from matching.flow import Assignment
from matching.options import Option, options
from matching.people import Child, Clearance, Mentor
from matching.places import distance_km
from matching.plan import Certificate, Pair, Plan, Unmatched
from matching.policy import Policy
from matching.problem import Locks, Problem
from matching.recruit import Brief, Recruit, Recruitment, recruit
from matching.replay import Record, replay
from matching.rules import RULES, refusals
from matching.scores import CRITERIA, score
from matching.solve import propose
from matching.verify import verify

UNMATCHED_CODES = ("no_mentor_allowed", "places_taken", "held_back", "not_reached")
"""Every code that says in one word why a child has no mentor."""

__all__ = [
    "CRITERIA",
    "RULES",
    "UNMATCHED_CODES",
    "Assignment",
    "Brief",
    "Certificate",
    "Child",
    "Clearance",
    "Comparison",
    "Diff",
    "Fairness",
    "GroupShare",
    "Locks",
    "Mentor",
    "Moved",
    "NearMentor",
    "Option",
    "Pair",
    "Plan",
    "PlanError",
    "Policy",
    "PolicyError",
    "Problem",
    "ProblemError",
    "Record",
    "Recruit",
    "Recruitment",
    "Unmatched",
    "WhyNot",
    "WhyUnmatched",
    "assign",
    "compare",
    "diff",
    "distance_km",
    "fairness",
    "options",
    "propose",
    "recruit",
    "refusals",
    "replan",
    "replay",
    "score",
    "verify",
    "why",
    "why_not",
    "why_unmatched",
]
