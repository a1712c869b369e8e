"""ReliefWeb's API (OCHA): how its newest reports are asked for, and the list in its answer.

ReliefWeb answers only names of applications that it approved; ours is the key. Its answers repeat
the whole address that was asked, the name included, which the client strikes out before anything
is stored.
"""

from collections.abc import Sequence
from typing import Any, Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.json_documents import decoded
from pipelines.source import DocumentClient

API: Final = "RELIEFWEB"
BASE: Final = "https://api.reliefweb.int/v2/"


def newest(
    client: DocumentClient,
    settings: Settings,
    area: Area,
    *,
    name: str,
    most: int,
    fields: Sequence[str],
) -> Document:
    """The newest documents about each origin, one list for all.

    Raises:
        SourceUnavailable: No answer, or none that could be one.
    """
    query = {
        "sort[0]": "date.created:desc",
        "limit": str(most),
        "filter[field]": "country.iso3",
        "filter[operator]": "OR",
        **{f"filter[value][{n}]": code.lower() for n, code in enumerate(area.origins)},
        **{f"fields[include][{n}]": field for n, field in enumerate(fields)},
    }
    return client.get(
        settings.base(API, BASE) + "reports",
        query,
        name=name,
        secret_query={"appname": settings.key.get(API, "")},
    )


def items(document: Document) -> list[Any]:
    """The entries of a list as sent, whatever they are.

    Raises:
        SourceChanged: It is no list of ReliefWeb.
    """
    try:
        answer = decoded(document)
    except (ValueError, UnicodeDecodeError):
        raise SourceChanged(f"{document.name} is no list of ReliefWeb.") from None
    found = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise SourceChanged("ReliefWeb's answer has no list called data.")
    return found
