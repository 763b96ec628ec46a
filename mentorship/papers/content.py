"""What a scan really is, said by its content: never by its name, nor by the browser's word."""

import json
import mimetypes
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mentorship.errors import Invalid

LARGEST = 10 * 1024**2
WAIT_S = 30
INSPECTION = Path(__file__).with_name("inspection.py")
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_OTHER_NAMES = {".jfif": "image/jpeg"}
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Scan:
    """A scan that may be kept: its type, and its content without what was hidden in it."""

    media_type: str
    data: bytes


def check(data: bytes, name: str = "") -> Scan:
    """Look through an uploaded file; raises Invalid with the reason why it is refused.

    `name` is what the file was called: it counts only where it claims to be something else.
    """
    if not data:
        raise Invalid("paper_empty")
    if len(data) > LARGEST:
        raise Invalid("paper_too_large")
    return named(_inspected(data), name)


def named(scan: Scan, name: str) -> Scan:
    """The same scan; raises Invalid where what the file was called claims another type."""
    said = _said_type(name)
    if said is not None and said != scan.media_type:
        raise Invalid("paper_not_what_it_says", said=_word(said), found=KINDS[scan.media_type])
    return scan


def _inspected(data: bytes) -> Scan:
    """The answer of a process of its own, one at a time: a hostile file ends only that."""
    if not _one_at_a_time.acquire(timeout=WAIT_S):
        raise Invalid("paper_check_busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(INSPECTION)],
            input=data,
            capture_output=True,
            timeout=WAIT_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("paper_too_complex") from error
    finally:
        _one_at_a_time.release()
    first, _, kept = done.stdout.partition(b"\n")
    if done.returncode != 0 or not first:
        raise Invalid("paper_too_complex")
    answer = json.loads(first)
    if "refused" in answer:
        raise Invalid(answer["refused"])
    return Scan(answer["type"], kept)


def _said_type(name: str) -> str | None:
    suffix = PurePosixPath(name.replace("\0", "")).suffix.lower()
    return _OTHER_NAMES.get(suffix) or mimetypes.guess_type(f"x{suffix}")[0]


def _word(media_type: str) -> str:
    return KINDS.get(media_type, media_type.rpartition("/")[2].upper())
