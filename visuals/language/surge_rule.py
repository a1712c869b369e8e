"""What fires by the surge rule, and where a report stands, for the page and for alerts."""

from surges.rule import CHOSEN, EARLY, GREAT, LEAST, RECENT, Alarm
from visuals.language.words import Words


def fires(words: Words) -> str:
    """What makes a report a surge, with the numbers in use."""
    return words(
        "surges.rule.2",
        times=words.times(CHOSEN.times),
        z=words.hundredths(CHOSEN.z),
        least=words.number(LEAST),
        great=words.number(GREAT),
        beyond=words.times(CHOSEN.beyond),
        far=words.times(CHOSEN.far),
        months=words.number(months()),
        opening=words.number(CHOSEN.opening),
        early=words.number(EARLY),
    )


def counted(words: Words, alarm: Alarm) -> str:
    """The number that fired with its unit, and how it was made where nobody published it."""
    return words(
        "surges.number" if alarm.made is None else f"surges.number_{alarm.made}",
        number=words.number(alarm.report.value),
        unit=words(f"unit.{alarm.line.unit}"),
        count=words.number(len(alarm.report.figures)),
    )


def months() -> int:
    """The months looked back for what is usual."""
    return round(RECENT / 30.4)


def rank(words: Words, place: int | None, among: int | None) -> str:
    """Where a report stands by size among those of the last months; empty where nobody can say."""
    if place is None or among is None:
        return ""
    return words(
        "surges.rank",
        rank=words.number(place),
        among=words.number(among),
        months=words.number(months()),
    )
