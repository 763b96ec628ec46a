import sys

from mentorship import create_app
from mentorship.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(f"Settings: {error}")
