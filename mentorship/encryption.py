"""IINs and papers at rest: encrypted with rotating keys; IINs are found by a keyed hash."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import String, Text, TypeDecorator


class Keyring:
    """The keys of this process, newest first; `configure` fills it once at start."""

    def __init__(self) -> None:
        self._keys: tuple[str, ...] = ()

    def configure(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)

    def seal(self, text: str) -> str:
        """Encrypt with the newest key."""
        return Fernet(self._keys[0]).encrypt(text.encode()).decode()

    def open(self, token: str) -> str:
        """Decrypt with whichever key fits; raises InvalidToken when none does."""
        return MultiFernet([Fernet(key) for key in self._keys]).decrypt(token.encode()).decode()

    def seal_bytes(self, data: bytes) -> bytes:
        """Encrypt a file's content with the newest key."""
        return Fernet(self._keys[0]).encrypt(data)

    def open_bytes(self, token: bytes) -> bytes:
        """Decrypt a file's content with whichever key fits; raises InvalidToken."""
        return MultiFernet([Fernet(key) for key in self._keys]).decrypt(token)

    def is_newest(self, token: bytes) -> bool:
        """Whether the newest key sealed this; raises InvalidToken when no key did."""
        try:
            Fernet(self._keys[0]).decrypt(token)
        except InvalidToken:
            self.open_bytes(token)
            return False
        return True

    def hashes(self, text: str) -> list[str]:
        """The look-up hash under each key, newest first: rows keep the hash of their own key."""
        return [
            hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest() for key in self._keys
        ]


keyring = Keyring()


class Sealed(TypeDecorator[str]):
    """A text that the database sees only encrypted."""

    impl = String(500)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else keyring.seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else keyring.open(value)


class SealedText(Sealed):
    """The same without a bound on its length: what worried somebody about a child."""

    impl = Text  # type: ignore[assignment]
    cache_ok = True


__all__ = ["InvalidToken", "Keyring", "Sealed", "SealedText", "keyring"]
