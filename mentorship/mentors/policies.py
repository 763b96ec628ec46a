"""Why a mentor's status changes: the reasons that may be chosen for each status."""

REASONS: dict[str, tuple[str, ...]] = {
    "candidate": ("applied_again",),
    "active": ("activated", "pause_over", "suspension_lifted", "other"),
    "refused": (
        "requirements_not_met",
        "interview_negative",
        "housing_negative",
        "clearance_adverse",
        "training_not_passed",
        "false_statements",
        "applied_twice",
        "other",
    ),
    "withdrawn": ("own_wish", "no_time", "moved", "family", "health", "no_answer", "other"),
    "paused": ("leave", "illness", "family", "work", "other"),
    "suspended": (
        "clearance_adverse",
        "clearance_expired",
        "certificate_revoked",
        "certificate_expired",
        "complaint",
        "safeguarding",
        "other",
    ),
    "retired": ("own_wish", "no_time", "moved", "family", "health", "programme_decision", "other"),
}
