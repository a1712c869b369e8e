"""What a cache makes something of, known by its release alone."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Held = TypeVar("Held")


@dataclass(frozen=True)
class ByRelease(Generic[Held]):
    """Carries what is not hashable past a cache's key: equal for equal releases.

    Attributes:
        release_id: Of which release it is.
        held: What is made something of.
    """

    release_id: str
    held: Held = field(compare=False)
