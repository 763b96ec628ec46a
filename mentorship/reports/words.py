"""What people read about reports: how often they are told of one."""

from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.web.periods import Step

STEPS: dict[str, Any] = {
    Step.MONTH.value: _l("Every month"),
    Step.QUARTER.value: _l("Every quarter"),
}
