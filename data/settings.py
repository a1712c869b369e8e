"""Configuration: `nuzuh.toml` and environment variables of the same names, environment first.

Every setting has a default that works on a fresh machine. Keys of publishers' APIs are read from
`NUZUH_KEY_<API>` and other base addresses from `NUZUH_URL_<API>`; neither is ever printed.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ROOT: Final = Path(__file__).resolve().parent.parent
APIS: Final = ("UNHCR", "ODP", "HDX", "HAPI", "DTM", "IDMC", "FTS", "RELIEFWEB", "COD_AB")
CONFIG: Final = "nuzuh.toml"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class BadConfiguration(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A setting that cannot be used; the message names it and never quotes its value."""


class Settings(BaseSettings):
    """What an office may set. See `nuzuh.sample.toml` for the same in words."""

    model_config = SettingsConfigDict(
        env_prefix="NUZUH_", hide_input_in_errors=True, extra="ignore", frozen=True
    )

    store: str = str(ROOT / "store")
    """Folder or `s3://`, `gs://`, `az://` address of the store; `https://` for one that is read."""
    cache: Path = ROOT / "store" / "cache"
    """Local folder for copies of a remote store's files."""
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
    address: str = ""
    """The dashboard's own address, https://figures.example.org; links in alerts begin with it."""
    alerts: Annotated[tuple[dict[str, Any], ...], NoDecode] = ()
    """Who is told of what, and where: see docs/alerts.md. In the environment as JSON, or the path
    of a JSON or TOML file; "" for nobody."""
    smtp: str = Field(default="", repr=False)
    """The mail server for `mailto:` channels, smtp://user:${PASSWORD}@host:587?from=…"""
    disk_least: int = Field(default=1000, ge=0)
    """Megabytes free on the store's disk below which the administrator is told."""
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
    sign_in_editions: bool = False
    """Whether editions are written as files, which no sign-in can guard, all the same."""
    url: dict[str, str] = {}
    key: dict[str, str] = {}

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
    def _store_names_no_password(cls, store: str) -> str:
        place = urlsplit(store)
        if "@" in place.netloc and place.scheme in ("https", "http"):
            raise ValueError("must hold no password: errors and logs name it")
        if place.scheme == "http" and place.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("must start with https://: what comes over http:// can be altered")
        return store + "/" if place.scheme in ("https", "http") and store[-1] != "/" else store

    @field_validator("address")
    @classmethod
    def _address_is_one(cls, address: str) -> str:
        if address and not address.startswith(("https://", "http://")):
            raise ValueError("must start with https:// or http://")
        return address.rstrip("/")

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
        return frozenset(name.strip() for name in self.disable.split(",") if name.strip())

    def base(self, api: str, default: str) -> str:
        """Base address of a publisher's API, with one slash at its end."""
        return (self.url.get(api) or default).rstrip("/") + "/"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then `nuzuh.toml` in the working folder."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=Path(CONFIG))
        if "sign_in_secret" in toml():
            raise BadConfiguration(
                f"The secret of the sign-in stands in {CONFIG}, where a copy would give it away; "
                "take it out, ask the provider for a new one and set NUZUH_SIGN_IN_SECRET."
            )
        return init_settings, env_settings, toml


def load(**overrides: Any) -> Settings:
    """The settings in force.

    Raises:
        BadConfiguration: One sentence for each setting that cannot be used.
    """
    apis = {
        "url": _by_api("NUZUH_URL_") | overrides.pop("url", {}),
        "key": _by_api("NUZUH_KEY_") | overrides.pop("key", {}),
    }
    given = {name: values for name, values in apis.items() if values}
    try:
        return Settings(**given, **overrides)
    except ValidationError as error:
        faults = "; ".join(
            f"NUZUH_{'_'.join(str(p) for p in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise BadConfiguration(f"{faults}. Mend it in {CONFIG} or the environment.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{CONFIG} is not TOML ({error}).") from None


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


def _by_api(prefix: str) -> dict[str, str]:
    return {api: os.environ[prefix + api] for api in APIS if os.environ.get(prefix + api)}
