"""What is inside an instrument: its JSON as questions that can be read in a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One question; `reverse`: often is bad; `watch`: its bad end is a reason to talk."""

    code: str
    texts: Texts
    reverse: bool
    watch: bool

    def is_worrying(self, answer: int | None) -> bool:
        """Whether this answer is one of the two at the bad end of a watched question."""
        if not self.watch or answer is None:
            return False
        return answer >= 4 if self.reverse else answer <= 2


@dataclass(frozen=True)
class Questions:
    """An instrument's title, introduction, scale of five and items, in three languages."""

    title: Texts
    introduction: Texts
    scale: tuple[Texts, ...]
    items: tuple[Item, ...]
    least_answered_percent: int

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Questions":
        """The questions in an instrument's content, which was checked when it was added."""
        return cls(
            title=content["title"],
            introduction=content["introduction"],
            scale=tuple(content["scale"]),
            items=tuple(
                Item(row["code"], row["text"], row["reverse"], row.get("watch", False))
                for row in content["items"]
            ),
            least_answered_percent=content["scoring"]["least_answered_percent"],
        )

    @property
    def reverse(self) -> dict[str, bool]:
        """Every item's code, and whether its answer is turned round for the score."""
        return {item.code: item.reverse for item in self.items}

    def answer_words(self, language: str) -> dict[str, str]:
        """The five steps as codes and words."""
        return {str(step): texts[language] for step, texts in enumerate(self.scale, start=1)}

    def worrying(self, answers: Mapping[str, int] | None) -> list[Item]:
        """The watched items whose answers are a reason to talk."""
        given = answers or {}
        return [item for item in self.items if item.is_worrying(given.get(item.code))]
