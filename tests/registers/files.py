"""Files of registers for the tests: synthetic people, in the shapes that real files have."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

CIVIL_SERVICE = Path(__file__).parents[3] / "shared" / "data" / "civil-service"
EXAMPLES = Path(__file__).parents[2] / "examples" / "civil-service"

MENTOR = {
    "last_name": "Әбенова",
    "first_name": "Гүлнәр",
    "patronymic": "Қанатқызы",
    "sex": "female",
    "birth_date": "17.05.1985",
    "phone": "+7 701 123 45 67",
    "email": "gulnar@example.org",
    "region": "35",
    "town": "Қарағанды",
    "reach_km": "50",
    "capacity": "2",
    "languages": "kk:fluent; ru:basic",
    "interests": "chess; dombra",
    "certificate_number": "Ө-1",
    "certificate_issuer": "«Өркен» ұлттық институты",
    "certificate_issued_on": "2025-06-01",
    "certificate_expires_on": "2028-06-01",
    "clearances_result": "clear",
    "clearances_checked_on": "01.06.2025",
    "clearances_valid_until": "01.06.2027",
}
CHILD = {
    "last_name": "Құсайынов",
    "first_name": "Нұрлан",
    "sex": "male",
    "birth_date": "2013-02-03",
    "region": "35",
    "centre": "«Шаңырақ» орталығы",
    "languages": "kk:fluent",
    "interests": "football",
    "first_language": "kk",
    "waiting_since": "2025-09-01",
    "guardian_consent_on": "2025-09-02",
    "guardian_consent_by": "Director of the centre",
    "own_consent_on": "2025-09-03",
}
NO_IIN = b"[options]\nwithout_iin = true\n"
NEW_CENTRES = b"[options]\ncreate_missing_centres = true\n"
FAR_FUTURE = date(2200, 1, 1)


def csv_of(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def file_of(*people: dict[str, Any]) -> bytes:
    """A CSV file with one line for each person."""
    header = list(dict.fromkeys(name for person in people for name in person))
    rows = [[person.get(name, "") for name in header] for person in people]
    return csv_of([header, *rows]).encode()


def xlsx_of(rows: Iterable[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member.filename, old.read(member))
        new.writestr(name, content)
    return made.getvalue()
