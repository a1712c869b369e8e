"""Who gets which alerts, and where: the `[[alerts]]` tables of the configuration, checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Final, Literal, Self
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.gazetteer import places
from data.gazetteer.area import Area
from data.settings import BadConfiguration
from surges.events import inside
from visuals.language.words import FALLBACK, LANGUAGES

Measure = Literal["displacement", "returns", "health"]
Digest = Literal["none", "day", "week"]
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_SECRET: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_QUIET: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


MEASURES: Final[Mapping[str, Measure]] = {
    "displacement": "displacement",
    "arrivals": "displacement",
    "departures": "displacement",
    "returns": "returns",
}
"""Which measure asks for a surge of each kind: people who came and people who left between two
rounds are displacement, as new displacement is."""


class SecretMissing(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A channel names an environment variable that is not set; the message names it."""


class Subscription(BaseModel):
    """One alert: an area, what is watched there, and the channels it is sent on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    channels: tuple[str, ...] = Field(min_length=1)
    within: tuple[str, ...] = ()
    """Places whose own and sub-areas' surges are sent; the area of interest if both are empty."""
    places: tuple[str, ...] = ()
    """Places whose own surges are sent, not their sub-areas'."""
    measures: tuple[Measure, ...] = ("displacement", "returns")
    """`health` is for the administrator: sources, held runs and the disk."""
    level: int = Field(default=1, ge=1, le=3)
    language: str = FALLBACK
    quiet: str = ""
    """Hours in which nothing is sent, 21:00-07:00; they may pass midnight."""
    zone: str = "UTC"
    digest: Digest = "none"

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("must be small letters, digits, - and _ only")
        return name

    @field_validator("channels")
    @classmethod
    def _channels(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        for channel in channels:
            if ":" not in channel and not _SECRET.fullmatch(channel):
                raise ValueError("must be addresses such as mailto:a@example.org or ${NAME}")
            if channel.startswith(("http://", "https://")):
                raise ValueError("a webhook is written json:// or jsons:// (see docs/alerts.md)")
        return channels

    @field_validator("within", "places")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not places.is_known_code(code):
                raise ValueError(f"{code[:20]!r} is the code of no place")
        return codes

    @field_validator("language")
    @classmethod
    def _language(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
        return language

    @field_validator("zone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be a time zone such as Asia/Damascus") from None
        return zone

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if self.quiet:
            self._between()
        return self

    def _between(self) -> tuple[time, time]:
        found = _QUIET.fullmatch(self.quiet)
        try:
            if found is None:
                raise ValueError
            hours = [int(part) for part in found.groups()]
            return time(hours[0], hours[1]), time(hours[2], hours[3])
        except ValueError:
            raise ValueError("quiet must be hours such as 21:00-07:00") from None

    @property
    def clock(self) -> tzinfo:
        """The reader's time zone."""
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def day(self, now: datetime) -> date:
        """The reader's day."""
        return now.astimezone(self.clock).date()

    def sleeps(self, now: datetime) -> bool:
        """Whether these are quiet hours where the reader is."""
        if not self.quiet:
            return False
        start, end = self._between()
        clock = now.astimezone(self.clock).time().replace(tzinfo=None)
        return start <= clock < end if start <= end else clock >= start or clock < end

    def wants(self, place: str, measure: str, level: int, area: Area) -> bool:
        """Whether a surge is for this alert."""
        if measure not in self.measures or level < self.level:
            return False
        within = self.within
        if not within and not self.places:
            # A publisher's count for a whole country of interest is news for its parts as well.
            within = (*area.core, *area.around, *area.border, *area.behind, *area.regions)
            if place in area.countries:
                return True
        return place in self.places or any(inside(place, code) for code in within)


@dataclass(frozen=True)
class Address:
    """One channel of a subscription: where, with `${NAME}` for what the environment keeps."""

    name: str
    template: str

    @property
    def kind(self) -> str:
        """What it is, for a page: never where."""
        scheme = self.template.partition(":")[0].lower()
        if _SECRET.search(scheme):
            return "address"
        mail = scheme in ("smtp", "smtps") or (
            scheme == "mailto" and not self.template[7:].startswith("//")
        )
        return "mail" if mail else scheme

    def open(self, environment: Mapping[str, str]) -> str:
        """The address with its secrets.

        A variable that is a part of an address is escaped; one that is all of it is taken as it is.

        Raises:
            SecretMissing: A variable is not set.
        """
        return with_secrets(self.template, environment)


def with_secrets(template: str, environment: Mapping[str, str]) -> str:
    """A text with `${NAME}` replaced from the environment."""

    def value(found: re.Match[str]) -> str:
        given = environment.get(found[1])
        if not given:
            raise SecretMissing(f"{found[1]} is not set in the environment.")
        return given if found[0] == template else quote(given, safe="")

    return _SECRET.sub(value, template)


def addresses(subscription: Subscription) -> list[Address]:
    """The channels by name: the alert's and a number."""
    return [
        Address(f"{subscription.name}.{number}", template)
        for number, template in enumerate(subscription.channels, start=1)
    ]


def read(tables: Iterable[Mapping[str, Any]]) -> tuple[Subscription, ...]:
    """The alerts of the configuration.

    Raises:
        BadConfiguration: One sentence that names alert and key, and quotes no channel.
    """
    found: dict[str, Subscription] = {}
    for number, table in enumerate(tables, start=1):
        try:
            subscription = Subscription.model_validate(dict(table))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'table'}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
            raise BadConfiguration(
                f"Alert number {number}: {faults}. Mend it in nuzuh.toml or NUZUH_ALERTS."
            ) from None
        if subscription.name in found:
            raise BadConfiguration(
                f"Two alerts are called {subscription.name}; give each a name of its own."
            )
        found[subscription.name] = subscription
    return tuple(found.values())
