"""Rows as a publisher sends them, looked at column by column: of what repeats, each text once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Self, TypeVar

from data.store import Document
from pipelines.publishers.cells import Texts, text
from pipelines.source import file_of

Meant = TypeVar("Meant")


@dataclass(frozen=True)
class Rows:
    """Rows of one fetch, in the order in which they were sent.

    A reader looks at a column as a whole, and takes what its source's own subclass says of it:
    numbers, days, codes, each with the sentence that refuses what is none.

    Attributes:
        cells: Each row's cells by the names of their columns.
        documents: The stored file that each is of.
        places: Where in it each stands, as a locator names it.
        said: What the cells say that were looked at.
    """

    cells: Sequence[Mapping[str, Any]]
    documents: Sequence[Document]
    places: Sequence[str]
    said: Texts = field(default_factory=Texts)

    @classmethod
    def of(cls, sent: Iterable[tuple[Document, str, Mapping[str, Any]]]) -> Self:
        """Rows given one by one: of each its document, where it stands in it, and its cells."""
        cells, documents, places = list[Mapping[str, Any]](), list[Document](), list[str]()
        for document, place, row in sent:
            cells.append(row)
            documents.append(document)
            places.append(place)
        return cls(cells, documents, places)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.cells)

    def only(self, wanted: Iterable[bool]) -> Self:
        """Those of the rows for which it is true."""
        chosen = list(wanted)
        cells, documents = compress(self.cells, chosen), compress(self.documents, chosen)
        return type(self)(
            list(cells), list(documents), list(compress(self.places, chosen)), self.said
        )

    def texts(self, name: str) -> list[str | None]:
        """What a column says, cleaned; None where a row has no such cell or it says nothing."""
        said = self.said
        return [
            said[cell] if type(cell := row.get(name)) is str else text(cell) for row in self.cells
        ]

    def read(
        self,
        name: str,
        meaning: Callable[[str | None], Meant],
        refusal: Callable[[str | None, int], Exception],
    ) -> list[Meant]:
        """What a column means.

        Args:
            name: The column.
            meaning: Takes what a cell says; it raises ValueError where it does not understand.
            refusal: Makes of what the cell says, and of the number of its row among these, what
                is raised then.
        """
        known = dict[str | None, Meant]()
        found = []
        for row, said in enumerate(self.texts(name)):
            if said not in known:
                try:
                    known[said] = meaning(said)
                except ValueError:
                    raise refusal(said, row) from None
            found.append(known[said])
        return found

    def files(self) -> list[Mapping[str, object]]:
        """The columns that name each row's file."""
        return [file_of(document) for document in self.documents]
