"""Lists: search, filters, sorting and paging that live in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 25


class Downwards:
    """A column that sorts the other way round: the youngest first is the latest birth date."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def asc(self) -> Any:
        return self.column.desc()

    def desc(self) -> Any:
        return self.column.asc()


@dataclass
class Listing:
    """What the reader asked for: words to find, filters, order and page."""

    q: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    filters: dict[str, str] = field(default_factory=dict)
    rows: Sequence[Any] = ()
    total: int = 0

    @classmethod
    def from_request(cls, sorts: Sequence[str], filters: Sequence[str] = ()) -> "Listing":
        """Read the address; what it does not know falls back to the first sort, first page."""
        args = request.args
        sort = args.get("sort", "")
        page = args.get("page", "1")
        return cls(
            q=args.get("q", "").strip()[:100],
            sort=sort if sort in sorts else sorts[0],
            descending=args.get("dir") == "desc",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            filters={n: args[n] for n in filters if args.get(n) and "\0" not in args[n]},
        )

    def fill(
        self,
        session: Session,
        query: Select[Any],
        orders: Mapping[str, Any],
        tie: Any,
        load: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
    ) -> "Listing":
        """Run the query for this page: one statement for the count, one for the rows."""
        self.total = (
            session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        )
        self.page = max(1, min(self.page, self.pages))
        column = orders[self.sort]
        ordered = query.order_by(column.desc() if self.descending else column.asc(), tie)
        rows = session.execute(ordered.limit(PER_PAGE).offset((self.page - 1) * PER_PAGE)).all()
        self.rows = load(rows) if load else rows
        return self

    def show(self, rows: Sequence[Any]) -> "Listing":
        """This page of rows that are all at hand, in their order."""
        self.total = len(rows)
        self.page = max(1, min(self.page, self.pages))
        self.rows = rows[(self.page - 1) * PER_PAGE :][:PER_PAGE]
        return self

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.filters)

    def url(self, **changes: Any) -> str:
        """The address of this list with something changed; the page starts again at one."""
        asked: dict[str, Any] = {"q": self.q, **self.filters, "sort": self.sort}
        asked["dir"] = "desc" if self.descending else None
        asked |= {"page": None} | changes
        kept = {name: value for name, value in asked.items() if value not in (None, "")}
        return url_for(str(request.endpoint), **(request.view_args or {}), **kept)

    def sort_url(self, name: str) -> str:
        """The address that sorts by a heading; a second press turns the order round."""
        turn = self.sort == name and not self.descending
        return self.url(sort=name, dir="desc" if turn else None)
