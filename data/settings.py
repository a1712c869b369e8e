"""Configuration: `nuzuh.toml` and environment variables of the same names, environment first.

Every setting has a default that works on a fresh machine, and an empty value stands for it. Keys of
publishers' APIs are read from `NUZUH_KEY_<API>` and other base addresses from `NUZUH_URL_<API>`;
neither is ever printed. A name that is no setting is refused: misspelt, it would do nothing, and
nobody would know.
"""

import json
import os
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

ROOT: Final = Path(__file__).resolve().parent.parent
APIS: Final = ROOT / "data" / "reference" / "apis.csv"
"""The APIs that sources ask, written from the registry by `make dictionary`: settings are strict in
every process, pages too, and those load no source."""
CONFIG: Final = "nuzuh.toml"
PREFIX: Final = "NUZUH_"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
STORES: Final = ("s3", "gs", "az", "https", "http", "file")
"""What the address of a store may begin with, before `://`; anything else is a folder."""
STORE_OF_AN_AREA: Final = f"{PREFIX}STORE_"
"""Begins the variables with which a cluster gives an area a store of its own (docs/scale.md)."""
EVERYBODY: Final = "*"
"""In place of groups: everybody whom the provider signs in."""
SHORTEST_SECRET: Final = 16
"""Characters of the sign-in's secret: who holds a cookie can try out secrets at home."""
SIGN_IN_SECRET: Final = "SIGN_IN_SECRET"  # noqa: S105 - the name of a variable
_TABLES: Final = ("url", "key")
"""Settings that hold a value for each API."""
_OTHERS: Final = frozenset(
    f"{PREFIX}{name}"
    for name in (
        *("ANSWERS", "ARTIFACTS", "BENCH", "DAYS", "FUZZ", "KILLS", "SEED", "TALLY"),
        *("TESTS", "WALK"),
        *("CELERY_BACKEND", "CELERY_BROKER", "IMAGE", "NAMESPACE"),
    )
)
"""Variables that only tests and the benchmark read, and only a cluster's launchers."""


class BadConfiguration(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A setting that cannot be used; the message names it and never quotes its value."""


def _address(given: str) -> str:
    parts = urlsplit(given)  # raises on its own what is no address
    fair = given.isascii() and given.isprintable() and " " not in given and parts.port != 0
    if parts.scheme not in ("https", "http") or not parts.hostname or not fair:
        raise ValueError("must be an address that starts with https:// or http://")
    return given


def _api_key(given: str) -> str:
    if not (given.isascii() and given.isprintable()):
        raise ValueError("holds a letter that no key has; copy it again")
    return given.strip()


class Settings(BaseModel):
    """What an office may set. See `nuzuh.sample.toml` for the same in words."""

    model_config = ConfigDict(
        hide_input_in_errors=True, extra="forbid", frozen=True, validate_default=True
    )

    store: str = str(ROOT / "store")
    """Folder or `s3://`, `gs://`, `az://` address of the store; `https://` for one that is read."""
    cache: Path = ROOT / "store" / "cache"
    """Local folder for copies of a remote store's files."""
    inbox: str = ""
    """Folder through which the dashboard hands decisions and files to the scheduler, the only
    place but its cache that it writes; "" for `inbox` in a store that is a folder."""
    area: str = "idlib"
    areas: str = ""
    """Areas that an orchestrator watches, comma between; "" for every file in reference/areas."""
    contact: str = ""
    """E-mail or web address that publishers may write to; goes into the User-Agent."""
    disable: str = ""
    """Sources left out, comma between."""
    public: bool = True
    """Whether the harm check refuses what a public page must not show."""
    deadline: float = Field(default=1800, gt=0, le=86_400, allow_inf_nan=False)
    """Seconds that one source may take to be fetched in all, whatever its publisher does."""
    port: int = Field(default=8501, ge=1, le=65_535)
    log: Literal["text", "json"] = "text"
    """How runs and the scheduler tell what they do: a sentence on each line, or JSON."""
    editions: str = ""
    """Folder that a run that changed something writes its edition and bundle into; "" for none."""
    editions_kept: int = Field(default=5, ge=1)
    """How many editions stay in it."""
    keep_days: int = Field(default=14, ge=1)
    """Releases of the last so many days all stay, to go back to."""
    keep_weeks: int = Field(default=8, ge=0)
    """Before those, the last release of each of so many weeks."""
    keep_months: int = Field(default=24, ge=0)
    """Before those, the last release of each of so many months."""
    address: str = ""
    """The dashboard's own address, https://figures.example.org; links in alerts begin with it."""
    alerts: tuple[dict[str, Any], ...] = ()
    """Who gets which alerts, and where: see docs/alerts.md. In the environment as JSON, or the path
    of a JSON or TOML file; "" for nobody."""
    smtp: str = Field(default="", repr=False)
    """The mail server for `mailto:` channels, smtp://user:${PASSWORD}@host:587?from=…"""
    disk_least: int = Field(default=1000, ge=0)
    """Megabytes free on the store's disk below which the administrator gets a message."""
    sign_in: str = ""
    """The address of an OpenID Connect provider's metadata; "" where everybody may read."""
    sign_in_client: str = ""
    """What the provider calls this dashboard."""
    sign_in_secret: str = Field(default="", repr=False)
    """What the provider knows it by; from the environment alone, never from a file."""
    sign_in_groups: str = "groups"
    """The claim of the provider's token that lists a person's groups; dots lead into objects."""
    sign_in_readers: str = ""
    """Groups that may read, comma between; `*` for everybody whom the provider signs in."""
    sign_in_administrators: str = ""
    """Groups that may also decide on held runs, import, and see the alerts; comma between."""
    sign_in_name: str = "email"
    """The claim that names an administrator in what they decide; `sub` names nobody by mail."""
    sign_in_hours: float = Field(default=8, gt=0, le=720)
    """After so long a reader signs in again."""
    sign_in_confirm: float = Field(default=120, ge=1, le=300)
    """Seconds between two questions to the provider whether somebody is still in their groups."""
    sign_in_editions: bool = False
    """Whether editions are written as files, which no sign-in can guard, all the same."""
    url: dict[str, Annotated[str, AfterValidator(_address)]] = {}
    key: dict[str, Annotated[str, AfterValidator(_api_key)]] = Field(default={}, repr=False)

    @field_validator("sign_in")
    @classmethod
    def _sign_in_is_an_address(cls, given: str) -> str:
        parts = urlsplit(given)
        near = parts.scheme == "http" and parts.hostname in LOOPBACK
        if given and not near and not (parts.scheme == "https" and parts.hostname):
            raise ValueError("must start with https:// (http:// only on 127.0.0.1 and localhost)")
        return given

    @field_validator("area")
    @classmethod
    def _area_is_a_name(cls, area: str) -> str:
        if not area.endswith(".toml") and not area.replace("-", "").replace("_", "").isalnum():
            raise ValueError(
                "must be the name of a file in data/reference/areas, or the path of a .toml file"
            )
        return area

    @field_validator("store")
    @classmethod
    def _store_is_a_place(cls, store: str) -> str:
        place = urlsplit(store)
        if not store.isprintable():
            raise ValueError("holds a letter that no address has")
        if "://" in store and (place.scheme not in STORES or not (place.netloc or place.path)):
            raise ValueError("must be a folder, or start with s3://, gs://, az:// or https://")
        if "@" in place.netloc and place.scheme in ("https", "http"):
            raise ValueError("must hold no password: errors and logs name it")
        if place.scheme == "http" and place.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("must start with https://: what comes over http:// can be altered")
        return store + "/" if place.scheme in ("https", "http") and store[-1] != "/" else store

    @field_validator("address")
    @classmethod
    def _address_is_one(cls, address: str) -> str:
        return _address(address).rstrip("/") if address else ""

    @field_validator("alerts", mode="before")
    @classmethod
    def _alerts_are_tables(cls, given: Any) -> Any:
        found = _alerts(given.strip()) if isinstance(given, str) else given
        if isinstance(found, dict):
            found = found.get("alerts", [found])
        if not isinstance(found, list | tuple) or not all(isinstance(t, dict) for t in found):
            raise ValueError("must be a list of tables, one for each alert")
        return tuple(found)

    @property
    def disabled(self) -> frozenset[str]:
        """Names of the sources left out."""
        return names(self.disable)

    @property
    def sign_in_faults(self) -> dict[str, str]:
        """Why readers cannot be signed in as this says, by variable; nothing where all may read."""
        if not self.sign_in:
            return {}
        readers, administrators = names(self.sign_in_readers), names(self.sign_in_administrators)
        address = self.address or f"http://127.0.0.1:{self.port}"
        near = urlsplit(address).hostname in LOOPBACK
        faults = {
            "SIGN_IN_CLIENT": (
                "is not set: the name that the provider gave this dashboard",
                not self.sign_in_client,
            ),
            SIGN_IN_SECRET: (
                f"is not set, or shorter than {SHORTEST_SECRET} characters",
                len(self.sign_in_secret) < SHORTEST_SECRET,
            ),
            "SIGN_IN_READERS": (
                "is not set: the groups that may read, or * for everybody who signs in there",
                not readers and not administrators,
            ),
            "SIGN_IN_ADMINISTRATORS": ("cannot be *", EVERYBODY in administrators),
            "ADDRESS": (
                "must start with https:// where readers sign in",
                not address.startswith("https://") and not near,
            ),
        }
        return {name: f"{PREFIX}{name} {field}" for name, (field, wrong) in faults.items() if wrong}

    def base(self, api: str, default: str) -> str:
        """Base address of a publisher's API, with one slash at its end."""
        return (self.url.get(api) or default).rstrip("/") + "/"


def load(**overrides: Any) -> Settings:
    """The settings in force: what the environment and the file say at this moment.

    Raises:
        BadConfiguration: One sentence for each setting that cannot be used, or is none.
    """
    if overrides:
        return _checked(overrides)
    # A page asks a dozen times; what is set is looked at each time, and read when it changed.
    variables = frozenset(item for item in os.environ.items() if item[0].upper().startswith(PREFIX))
    return _unchanged(variables, Path.cwd(), _state_of_file())


@lru_cache(maxsize=4)
def _unchanged(
    _variables: frozenset[tuple[str, str]], _folder: Path, _file: tuple[int, ...] | None
) -> Settings:
    return _checked({})


def _state_of_file() -> tuple[int, ...] | None:
    """What changes when the file is written anew or cannot be read; None where there is none."""
    file = Path(CONFIG)
    try:
        found = file.stat()
    except FileNotFoundError:
        return () if file.is_symlink() else None
    except OSError as error:
        return (error.errno or 0,)
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_mode


def _checked(overrides: dict[str, Any]) -> Settings:
    try:
        return Settings(**_given(overrides))
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{'_'.join(str(p) for p in fault['loc']).upper()}: "
            f"{fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise BadConfiguration(f"{faults}. Mend it in {CONFIG} or the environment.") from None


def _given(overrides: dict[str, Any]) -> dict[str, Any]:
    """What is set: by arguments, then by the environment, then by `nuzuh.toml`.

    Raises:
        BadConfiguration: The file or a variable cannot be used.
    """
    toml = _of_file()
    if "sign_in_secret" in toml:
        raise BadConfiguration(
            f"The secret of the sign-in stands in {CONFIG}, where a copy would give it away; "
            "take it out, ask the provider for a new one and set NUZUH_SIGN_IN_SECRET."
        )
    variables, emptied = _of_environment()
    # Empty, a variable means the default, also where the file says something else.
    found = {name: value for name, value in toml.items() if name not in emptied}
    for source in (variables, overrides):
        for name, value in source.items():
            held = found.get(name)
            if isinstance(held, dict) and isinstance(value, dict):
                # Addresses and keys are set one by one, each wherever an office likes.
                found[name] = {**held, **value}
            else:
                found[name] = value
    return found


@cache
def apis() -> tuple[str, ...]:
    """The APIs whose address and key may be set, by the names that sources give them."""
    return tuple(APIS.read_text(encoding="utf-8").split()[1:])


def names(listed: str) -> frozenset[str]:
    """What stands between commas."""
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like the given one."""
    listed = sorted(known)
    close = get_close_matches(name.upper(), [other.upper() for other in listed], 1, 0)
    return next((other for other in listed if [other.upper()] == close), listed[0])


def must_be_known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse the first name that is not among those known.

    Args:
        names: What somebody wrote.
        known: What there is.
        what: What such a name is: `Unknown <what> 'x'`.

    Raises:
        BadConfiguration: It names the nearest that there is.
    """
    listed = tuple(known)
    for name in names:
        if name not in listed:
            shown = name[:60] if name.isprintable() else ascii(name)[1:-1][:60]
            raise BadConfiguration(
                f"Unknown {what} {shown!r}; the nearest that there is: {nearest(name, listed)}."
            )


def _of_file() -> dict[str, Any]:
    """What `nuzuh.toml` in the working folder says, without what it leaves empty.

    Raises:
        BadConfiguration: It is no file, cannot be read, or says something that is no setting.
    """
    file = Path(CONFIG)
    try:
        if not (file.exists() or file.is_symlink()):
            return {}
        if not file.is_file():
            raise BadConfiguration(
                f"{CONFIG} is a folder or no file at all; put a text file there."
            )
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfiguration(
            f"{CONFIG} cannot be read ({error.strerror}); check its permissions."
        ) from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{CONFIG} is not in UTF-8; save it again as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
        raise BadConfiguration(
            f"{CONFIG} is not TOML ({why}); compare nuzuh.sample.toml."
        ) from None
    must_be_known(values, Settings.model_fields, f"setting in {CONFIG}:")
    for table in _TABLES:
        if not isinstance(values.get(table, {}), dict):
            raise BadConfiguration(f"{table} in {CONFIG} must be a table: [{table}] on a line.")
        must_be_known(values.get(table, {}), apis(), f"API under [{table}] in {CONFIG}:")
        values[table] = {api: text for api, text in values.get(table, {}).items() if text != ""}
    return {name: value for name, value in values.items() if not _is_empty(value)}


def _of_environment() -> tuple[dict[str, Any], frozenset[str]]:
    """What the variables say, by setting; and the settings whose variable is empty.

    Raises:
        BadConfiguration: A variable begins with NUZUH_ and is none of ours.
    """
    plain = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    tables = {f"{PREFIX}{table.upper()}_{api}": (table, api) for table in _TABLES for api in apis()}
    for table in _TABLES:
        del plain[f"{PREFIX}{table.upper()}"]
    given = {n.upper(): v for n, v in os.environ.items() if n.upper().startswith(PREFIX)}
    known = (*plain, *tables, *_OTHERS)
    must_be_known(
        (name for name in given if not name.startswith(STORE_OF_AN_AREA)), known, "variable"
    )
    found: dict[str, Any] = {
        plain[name]: value for name, value in given.items() if name in plain and value.strip()
    }
    for name, (table, api) in tables.items():
        if given.get(name, "").strip():
            found.setdefault(table, {})[api] = given[name]
    emptied = (plain[name] for name in given if name in plain and plain[name] not in found)
    return found, frozenset(emptied)


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _alerts(text: str) -> Any:
    """What NUZUH_ALERTS holds: nothing, JSON, or the path of a file."""
    if not text:
        return ()
    try:
        if text.startswith(("[", "{")):
            return json.loads(text)
        body = Path(text).read_text(encoding="utf-8")
        return json.loads(body) if text.endswith(".json") else tomllib.loads(body)
    except OSError as error:
        raise ValueError(f"names a file that cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError("names a file that is not UTF-8") from None
    except ValueError:  # of either parser; its own words may quote a secret
        raise ValueError("is neither JSON nor the path of a JSON or TOML file") from None
