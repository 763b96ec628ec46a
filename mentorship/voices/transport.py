"""How a link reaches the tablet: a signed address, or ten digits that are easy to type.

Both are made anew from the row and the secret key; neither is kept. Ten digits, because every
keyboard has them whatever its language.
"""

import hashlib
import hmac
import ipaddress

from itsdangerous import BadData, URLSafeSerializer

from mentorship.accounts.services import keyed_hash
from mentorship.voices.models import VoiceLink

DIGITS = 10


def token_of(link: VoiceLink, secret: str) -> str:
    """What the address of a link ends with."""
    return str(_signed(secret).dumps([link.id, link.nonce]))


def read_token(token: str, secret: str) -> tuple[int, str] | None:
    """The row and the nonce a token names; None when we did not sign it."""
    if len(token) > 200:
        return None
    try:
        number, nonce = _signed(secret).loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return (number, nonce) if type(number) is int and type(nonce) is str else None


def code_of(nonce: str, secret: str) -> str:
    """The digits to type for a link."""
    made = hmac.new(secret.encode(), f"voice code {nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:16]) % 10**DIGITS:0{DIGITS}}"


def spaced(code: str) -> str:
    """The digits as people read them out: 482 905 1736."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def code_hash(code: str, secret: str) -> str:
    """What is kept of the digits, to find the link by them."""
    return keyed_hash(f"voice {code}", secret)


def network_of(address: str) -> str:
    """Whose guesses count together: an IPv4 address, or an IPv6 network of 64 bits.

    One household or server has all the addresses of such a network.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)


def _signed(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="voice")
