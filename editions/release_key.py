"""A release beside its id in a cache's key: the id says which it is."""

from data.store import Release


class OfRelease:
    """Carries a release into what a cache makes; equal to any other."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __eq__(self, other: object) -> bool:
        """Equal to any other."""
        return isinstance(other, OfRelease)

    def __hash__(self) -> int:
        """The same for all."""
        return 0
