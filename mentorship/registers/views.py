from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.errors import AlreadyDone
from mentorship.permissions import Permission, requires
from mentorship.registers import services, uploads
from mentorship.registers.bad_rows import bad_rows_file
from mentorship.registers.columns import Kind, columns_of
from mentorship.registers.export import Export, export_table
from mentorship.registers.schemas import ALL_OR_NOTHING, GOOD_ROWS, ImportSchema
from mentorship.registers.table import FileRefused
from mentorship.registers.words import KINDS, refusal
from mentorship.web.forms import Form
from mentorship.web.once import use_token
from mentorship.web.tables import MIMES

bp = Blueprint("registers", __name__)
SHOWN_PROBLEMS = 500
SHOWN_ROWS = 5


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].var) / "uploads"


def _upload(kind: str, token: str) -> tuple[uploads.Upload, uploads.Facts]:
    """The reader's own upload and what is known of it; anybody else's is not there."""
    upload = uploads.find_upload(_folder(), current_user.id, token)
    facts = upload.facts if upload else None
    if upload is None or facts is None or facts.kind != kind:
        abort(404)
    return upload, facts


def _preview(upload: uploads.Upload, kind: str) -> services.Preview:
    data, mapping = upload.read("file"), upload.read("mapping")
    if data is None:
        abort(404)
    return services.preview(db.session, Kind(kind), data, mapping, scope=current_user.scope)


@bp.route("/import/<any(mentors, children):kind>", methods=["GET", "POST"])
@requires(Permission.IMPORT_REGISTERS)
def choose(kind: str) -> Any:
    form = Form(ImportSchema(), when_rows_are_bad=ALL_OR_NOTHING)
    if form.submitted():
        upload = _keep(kind, form)
        if upload is not None:
            return redirect(url_for("registers.preview", kind=kind, token=upload.token))
    columns = columns_of(Kind(kind)).values()
    page = render_template(
        "registers/choose.html", form=form, kind=kind, title=KINDS[Kind(kind)], columns=columns
    )
    return page, 422 if form.errors else 200


def _keep(kind: str, form: Form) -> uploads.Upload | None:
    """The upload, kept until it is confirmed; None, with the reason on the form, if refused."""
    uploads.forget_old_uploads(_folder(), clock.now())
    files = {name: request.files.get(name) for name in ("file", "mapping")}
    parts = {name: file.read() for name, file in files.items() if file and file.filename}
    if "file" not in parts:
        form.refuse("file", gettext("Choose a file."))
        return None
    try:
        services.open_file(Kind(kind), parts["file"], parts.get("mapping"))
    except FileRefused as error:
        form.refuse("mapping" if error.code.startswith("mapping") else "file", refusal(error))
        return None
    upload = uploads.new_upload(_folder(), current_user.id)
    for name, data in parts.items():
        upload.write(name, data)
    upload.note(uploads.Facts(kind, form.data["when_rows_are_bad"] == GOOD_ROWS))
    return upload


@bp.get("/import/<any(mentors, children):kind>/<token>")
@requires(Permission.IMPORT_REGISTERS)
def preview(kind: str, token: str) -> Any:
    upload, facts = _upload(kind, token)
    if facts.added is not None:
        return redirect(url_for("registers.done", kind=kind, token=token))
    found = _preview(upload, kind)
    return render_template(
        "registers/preview.html",
        found=found,
        facts=facts,
        kind=kind,
        token=token,
        title=KINDS[found.kind],
        problems=found.problems[:SHOWN_PROBLEMS],
        first=found.good[:SHOWN_ROWS],
    )


@bp.post("/import/<any(mentors, children):kind>/<token>")
@requires(Permission.IMPORT_REGISTERS)
def confirm(kind: str, token: str) -> Any:
    upload, facts = _upload(kind, token)
    try:
        use_token(db.session, token)
        found = _import(upload, facts)
    except (AlreadyDone, services.RowsRefused):
        db.session.rollback()
        return redirect(url_for("registers.preview", kind=kind, token=token))
    db.session.commit()
    _finish(upload, facts, found)
    return redirect(url_for("registers.done", kind=kind, token=token))


def _import(upload: uploads.Upload, facts: uploads.Facts) -> services.Preview:
    data = upload.read("file")
    if data is None:
        abort(404)
    return services.import_rows(
        db.session,
        Kind(facts.kind),
        data,
        upload.read("mapping"),
        scope=current_user.scope,
        accept_good_rows=facts.accept_good_rows,
        by=current_user.id,
        at=clock.now(),
        base_url=current_app.config["SETTINGS"].base_url,
    )


def _finish(upload: uploads.Upload, facts: uploads.Facts, found: services.Preview) -> None:
    """Keep the numbers and the bad rows for the last page; the file itself goes."""
    if found.problems:
        upload.write("bad", bad_rows_file(found))
    facts.added, facts.known = len(found.good), len(found.known)
    facts.refused = len(found.bad_lines)
    upload.note(facts)
    upload.forget_file()


@bp.get("/import/<any(mentors, children):kind>/<token>/done")
@requires(Permission.IMPORT_REGISTERS)
def done(kind: str, token: str) -> Any:
    _, facts = _upload(kind, token)
    if facts.added is None:
        return redirect(url_for("registers.preview", kind=kind, token=token))
    return render_template(
        "registers/done.html", facts=facts, kind=kind, token=token, title=KINDS[Kind(kind)]
    )


@bp.get("/import/<any(mentors, children):kind>/<token>/rows-to-correct.csv")
@requires(Permission.IMPORT_REGISTERS)
def bad_rows(kind: str, token: str) -> Any:
    upload, facts = _upload(kind, token)
    data = upload.read("bad")
    if data is None and facts.added is None:
        data = bad_rows_file(_preview(upload, kind))
    return _file(data, f"rows-to-correct-{kind}", "csv") if data else abort(404)


@bp.get("/export/<any(mentors, children, matches):what>.<any(csv, xlsx):suffix>")
@requires(Permission.IMPORT_REGISTERS, audited=True)
def export(what: str, suffix: str) -> Any:
    data = export_table(
        db.session,
        Export(what),
        suffix,
        scope=current_user.scope,
        by=current_user.id,
        in_words=True,
    )
    db.session.commit()
    return _file(data, f"{what}-{clock.today():%Y-%m-%d}", suffix)


def _file(data: bytes, name: str, suffix: str) -> Response:
    disposition = f'attachment; filename="{name}.{suffix}"'
    headers = {"Content-Disposition": disposition}
    return Response(data, mimetype=None, content_type=MIMES[suffix], headers=headers)
