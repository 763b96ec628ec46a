"""Papers on disk: encrypted, under random names, in a folder that no web server serves."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import structlog

from mentorship.config import Config
from mentorship.encryption import keyring
from mentorship.errors import Invalid

log = structlog.get_logger("papers")
_UNFINISHED = ".part"


class Store:
    """The folder of the papers; a name says nothing about the person or the paper."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes) -> str:
        """Write a new file and return its name; raises Invalid when the disk refuses.

        A name is only ever there with the whole content behind it, also after a power cut.
        """
        name = secrets.token_hex(32)
        self._write(name, keyring.seal_bytes(data))
        return name

    def read(self, name: str) -> bytes:
        """The content; raises FileNotFoundError, or InvalidToken when it was changed."""
        return keyring.open_bytes(self._path(name).read_bytes())

    def seal_again(self, name: str) -> bool:
        """Encrypt with the newest key what an older one sealed; whether that was needed."""
        token = self._path(name).read_bytes()
        if keyring.is_newest(token):
            return False
        self._write(name, keyring.seal_bytes(keyring.open_bytes(token)))
        return True

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        self._path(name).unlink(missing_ok=True)

    def files(self) -> Iterator[tuple[str, datetime]]:
        """Every file by its name, unfinished ones too, and when it was last written."""
        for path in sorted(self.folder.glob("??/*")):
            yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _write(self, name: str, token: bytes) -> None:
        path = self._path(name)
        unfinished = path.with_name(name + _UNFINISHED)
        try:
            for folder in (self.folder, path.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(token)
                file.flush()
                os.fsync(number)
            unfinished.replace(path)
            _settle(path.parent)
        except OSError as error:
            _forget(unfinished)
            log.error("paper_not_kept", kind=type(error).__name__, number=error.errno)
            raise Invalid("paper_not_kept") from error


def store_in(settings: Config) -> Store:
    """The papers of this service."""
    return Store(settings.var / "papers")


def _settle(folder: Path) -> None:
    """Wait until the disk knows the folder's new name."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.warning("paper_left_over")
