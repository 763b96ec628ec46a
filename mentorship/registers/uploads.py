"""Files between the preview and the confirmation: encrypted, bound to their user, for a day."""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mentorship.encryption import InvalidToken, keyring

KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_PARTS = ("file", "mapping", "facts", "bad")


@dataclass
class Facts:
    """What was chosen at the upload, and later what came of it."""

    kind: str
    accept_good_rows: bool
    added: int | None = None
    known: int = 0
    refused: int = 0


@dataclass
class Upload:
    """One uploaded file of one user. No name of the file is kept: it may name a person."""

    folder: Path
    user_id: int
    token: str

    def _path(self, part: str) -> Path:
        return self.folder / f"{self.user_id}-{self.token}.{part}"

    def write(self, part: str, data: bytes) -> None:
        """Keep a part, readable by this service only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(part)
        path.touch(mode=0o600)
        path.write_text(keyring.seal(data.decode("latin-1")), encoding="ascii")

    def read(self, part: str) -> bytes | None:
        """A part, or None where there is none."""
        try:
            return keyring.open(self._path(part).read_text("ascii")).encode("latin-1")
        except (FileNotFoundError, InvalidToken):
            return None

    @property
    def facts(self) -> Facts | None:
        text = self.read("facts")
        return Facts(**json.loads(text)) if text else None

    def note(self, facts: Facts) -> None:
        """Keep what was chosen, or what came of it."""
        self.write("facts", json.dumps(asdict(facts)).encode())

    def forget_file(self) -> None:
        """Remove the uploaded file itself; what came of it stays for a day."""
        for part in ("file", "mapping"):
            self._path(part).unlink(missing_ok=True)


def new_upload(folder: Path, user_id: int) -> Upload:
    """A place for a file that this user is sending."""
    return Upload(folder, user_id, secrets.token_hex(16))


def find_upload(folder: Path, user_id: int, token: str) -> Upload | None:
    """The user's own upload of this token that is still kept, or None."""
    if not _TOKEN.fullmatch(token):
        return None
    upload = Upload(folder, user_id, token)
    return upload if upload.facts else None


def forget_old_uploads(folder: Path, at: datetime) -> int:
    """Remove what was uploaded more than a day ago; how many files there were."""
    removed = 0
    for path in folder.glob("*"):
        old = at.timestamp() - path.stat().st_mtime > KEPT.total_seconds()
        if old and path.suffix.removeprefix(".") in _PARTS:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
