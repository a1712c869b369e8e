"""What of a text is compared with published figures, as the tests of its reading write it."""

from datetime import date

from pipelines.extract.claims import claims_in


def compared(text: str, on: date) -> list[tuple[object, ...]]:
    """Value, group, kind, place, first and last day of each number that counts people."""
    return [
        (c.value, c.group, c.measure, c.place, str(c.first), str(c.last))
        for c in claims_in(text, published_on=on)
        if c.group
    ]
