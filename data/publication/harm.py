"""Refuse what could hurt somebody: places finer than a sub-district, camps, positions, contacts.

Pure. The pipeline asks before every publish, and whatever leaves the project as a file asks again:
an edition, a brief, a bundle, an export. Only an office that set NUZUH_PUBLIC=false for a store of
its own is not asked.
"""

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pyarrow as arrow
from pyarrow import compute

from data.gazetteer import places
from data.schema.arrow_rows import whole

if TYPE_CHECKING:
    import pandas as pd

FINEST: Final = 3
FINEST_OF_CONTEXT: Final = 2
"""Who reports violence from a village can be found there: events are shown by district."""
PROVIDER_NAMES: Final = (
    "provider_admin1_name",
    "provider_admin2_name",
    "provider_admin3_name",
    "provider_origin_name",
)
SPOKEN: Final = (*PROVIDER_NAMES, "note", "dataset", "publisher")
"""Columns with a publisher's own words."""
CODES: Final = ("location_code", "admin1_code", "admin2_code", "admin3_code")
REMEDY: Final = "Nothing was published; leave the row out, or name its sub-district instead."

_CAMP: Final = re.compile(
    r"\b(camps?|settlements?|idp sites?|kamp[ıi]?|shelters?|collective cent(er|re)s?)\b|مخيم",
    re.IGNORECASE,
)
# Most patterns begin with one of a few characters and look back from there: the engine then steps
# over all others, and reading a page takes a quarter of what it took.
_POSITION: Final = re.compile(
    r"\d(?:\d{0,2}\.\d{3,}\s*°?\s*[NSEW]?\s*[,;/ ]\s*\d{1,3}\.\d{3,}|\d{0,2}\s*°\s*\d{1,2})"
)
_COORDINATES: Final = re.compile(
    r"\b(latitude|longitude|p?lat|p?lo?ng?|centroid|geometry|coordinates)\b", re.IGNORECASE
)
"""Names of columns and keys that hold positions."""
_CONTACTS: Final = (
    re.compile(r"[+0](?<![\d.,].)(?:(?<=\+)|0)\d[\d ().-]{6,}\d"),
    re.compile(
        r"[TtPpMmWwGgه](?<=\b.)(?i:(?<=t)el|(?<=p)hone|(?<=m)obile|(?<=w)hatsapp|(?<=g)sm|(?<=ه)اتف)"
        r"\b\W{0,3}\d[\d ().-]{5,}\d"
    ),
    re.compile(r"@(?<=[\w.+-]@)[\w-]+\.[a-z]{2,}", re.IGNORECASE),
)
"""Telephones as they are dialled from abroad, telephones that are named, and addresses of mail."""

REMEDY_OF_FILES: Final = "Nothing was written; find the figure it comes from and leave it out."

# In running text "camps and sites only" is a caveat and "Departures from camps" a dataset; what may
# not stand there is one camp's name.
_CAMP_WORD: Final = re.compile(r" (?:camp|settlement|IDP site|kampı)\b|مخيم ")
_NAMED_CAMP: Final = re.compile(
    r"\b(?!(?:The|This|That|Each|Every|Per|In|Or|And|No|One|Any|IDP|Idleb|Aleppo)\b)"
    r"[A-Z][\w'’-]+ (?:camp|settlement|IDP site)\b"
    r"|\bمخيم (?!ات)[\u0621-\u064a]{3,}"
    r"|\b[A-ZÇĞİÖŞÜ][\w'’-]+ kampı\b"
)
_FINER: Final = re.compile(r"[A-Z](?<=\b.)(?:(?<=C)P?\d{4,6}|[A-Z]\d{7,14})\b")
"""Codes of communities and camps, and P-codes with more digits than a sub-district has."""
_NO_WORDS: Final = re.compile(
    r"[0-9a-fA-FhH](?:(?<=[hH])(?i:ttps?://)[^\s<>\"']+|(?<=[dD])(?i:ata:)[^\s<>\"']+"
    r"|(?<=\b.)(?<![hH])[0-9a-fA-F]{15,63}\b)"
)
"""Addresses, pictures and hashes: digits that no reader takes for a position or a telephone."""
_UNREAD: Final = re.compile(r"<(?i:(style|script)\b.*?</\1>)", re.DOTALL)
_READ_ALOUD: Final = re.compile(
    r"=(?:(?<=\btitle=)|(?<=\balt=)|(?<=\baria-label=)|(?<=\bdata-label=))"
    r"(?:\"([^\"]*)\"|'([^']*)')"
)
_TAG: Final = re.compile(r"<[^>]*>")
_BETWEEN: Final = " | "
"""Stands for a tag, or the numbers of an axis would read as one telephone number."""
_CONTACT_AHEAD: Final = re.compile(
    r"[TtPpMmWwGgه](?i:(?<=t)el|(?<=p)hone|(?<=m)obile|(?<=w)hatsapp|(?<=g)sm|(?<=ه)اتف)"
    r"\W{0,2}(?:<|\Z)"
)
"""The name of a telephone at the end of what stands before a tag."""
_MARKUP: Final = frozenset({".html", ".htm", ".svg", ".xml"})
_TEXT: Final = frozenset({".csv", ".txt", ".md", ".json", ".geojson", ".typ", ".toml"})
_OFFICE: Final = frozenset({".docx", ".xlsx"})


class HarmFound(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A row that must not be published; the message names the row and never repeats its text."""


def refuse(figures: "pd.DataFrame | arrow.Table") -> None:
    """Pass, or name the first row that could do harm.

    Args:
        figures: Columns of `tables.FIGURES`.

    Raises:
        HarmFound: A place finer than admin 3 or without a code of the written tables, the name of
            a camp or site, a position, or a way to reach a person.
    """
    if not len(figures):
        return
    fine = _rows_where(_column(figures, "admin_level"), lambda level: level > FINEST)
    _refuse_first(figures, fine, "finer than sub-district")
    _refuse_first(figures, _rows_of_no_area(figures), "about a place that is no area")
    columns = {name: _column(figures, name) for name in SPOKEN}
    patterns = [(name, _CAMP, "naming a camp or site") for name in PROVIDER_NAMES]
    for name in SPOKEN:
        patterns.append((name, _POSITION, "giving a position"))
        patterns += [(name, contact, "giving a contact") for contact in _CONTACTS]
    words = {name: _said(column) for name, column in columns.items()}
    for name, pattern, what in patterns:
        if any(map(pattern.search, words[name])):
            rows = _rows_where(columns[name], pattern.search)
            _refuse_first(figures, rows, f"{what} in {name}")


def refuse_context(table: "pd.DataFrame") -> None:
    """Pass, or name the first row that shows an event at a place too small for it.

    Args:
        table: One of `tables.CONTEXT`: a place by P-code, and where in a file it stood.

    Raises:
        HarmFound: A place finer than a district, or without a code of the written tables.
    """
    named = _column(table, "near_code" if "near_code" in table else "place_code")
    nowhere = compute.indices_nonzero(named.is_null()).to_pylist()
    fine = _rows_where(named, _is_below_district)
    _refuse_first(table, sorted([*nowhere, *fine]), "of a place finer than a district")


def _is_below_district(code: str) -> bool:
    """Whether a P-code names neither a district nor what lies above it."""
    level = places.level(code)
    return level is None or level > FINEST_OF_CONTEXT


def refuse_text(text: str, where: str) -> None:
    """Pass, or name what in a text could do harm.

    Args:
        text: What a reader reads: words, or HTML and SVG with what is read aloud.
        where: The file it will stand in, for the message.

    Raises:
        HarmFound: A position, a way to reach a person, a camp by name, or the code of a place
            finer than admin 3. The message names the file and never repeats the text.
    """
    _refuse_words(_words(text), where)


class Pages:
    """Pages of one publication: what several of them say is searched once."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._harmless: set[str] = set()

    def refuse(self, text: str, where: str) -> None:
        """As `refuse_text`, for the HTML of one page."""
        read = _UNREAD.sub(" ", text)
        begun, *pieces = read.split("<")
        new = [piece for piece in pieces if piece not in self._harmless]
        said = "<".join([begun, *new])
        if _CONTACT_AHEAD.search(said):
            # What follows the next tag belongs to it, so that the page is searched whole.
            refuse_text(text, where)
            return
        _refuse_words(unescape(f"{_TAG.sub(_BETWEEN, said)}{_BETWEEN}{_aloud(read)}"), where)
        self._harmless.update(new)


def _refuse_words(text: str, where: str) -> None:
    words = _NO_WORDS.sub(" ", text)
    found = (
        (_POSITION.search(words), "a position"),
        (_gives_contact(words), "a contact"),
        (_CAMP_WORD.search(words) and _NAMED_CAMP.search(words), "a camp or site by name"),
        (_FINER.search(words), "a place finer than sub-district"),
    )
    for is_there, what in found:
        if is_there:
            raise HarmFound(f"{where} gives {what}. {REMEDY_OF_FILES}")


def refuse_file(name: str, body: bytes) -> None:
    """The same for a file about to be written, by its name's ending.

    Pictures and PDF are not read here: their words are asked before they are set.

    Raises:
        HarmFound: As `refuse_text`.
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending in _MARKUP | _TEXT:
        refuse_text(body.decode("utf-8", "replace"), name)
    elif ending in _OFFICE:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            for part in parts.namelist():
                if part.startswith(("word/document", "word/foot", "word/head", "xl/sharedS")):
                    refuse_text(parts.read(part).decode("utf-8", "replace"), name)


def _words(text: str) -> str:
    """The text of markup: what stands between the tags and what their titles say."""
    if "<" not in text:
        return text
    read = _UNREAD.sub(" ", text)
    return unescape(_TAG.sub(_BETWEEN, read) + _aloud(read))


def _aloud(markup: str) -> str:
    """What titles and labels say."""
    return "".join(f" \n {a or b}" for a, b in _READ_ALOUD.findall(markup)) or " \n "


def harmless(text: str) -> bool:
    """Whether a publisher's words name no camp or site, no position and no way to reach anyone."""
    return not (_CAMP.search(text) or _POSITION.search(text) or _gives_contact(text))


def in_text(text: str) -> str | None:
    """What a public page must not hand out in a file's text: a position or a way to reach someone.

    Returns:
        What was found, in a word; None where nothing was. The text itself is never repeated.
    """
    if _POSITION.search(text) or _COORDINATES.search(text):
        return "a position"
    return "a contact" if _gives_contact(text) else None


def _gives_contact(text: str) -> bool:
    return any(contact.search(text) for contact in _CONTACTS)


def _column(figures: "pd.DataFrame | arrow.Table", name: str) -> arrow.Array:
    kind = arrow.int64() if name == "admin_level" else arrow.string()
    return whole(figures[name]).cast(kind)


def _said(column: arrow.Array) -> list[str]:
    """The texts of a column, each once."""
    return [str(text) for text in compute.unique(column).to_pylist() if text is not None]


def _rows_where(column: arrow.Array, is_wrong: Callable[[Any], object]) -> list[int]:
    """Which values are wrong, by their rows; each value is asked about once, and a null never."""
    coded = column.dictionary_encode()
    wrong = {code for code, said in enumerate(coded.dictionary.to_pylist()) if is_wrong(said)}
    if not wrong:
        return []
    return [row for row, code in enumerate(coded.indices.to_pylist()) if code in wrong]


def _rows_of_no_area(figures: "pd.DataFrame | arrow.Table") -> list[int]:
    """Neither a country or P-coded area by the row's own columns nor a region of the tables.

    No value of Python meets Arrow here, which would load pandas to look at it.
    """
    place = _column(figures, "place_code")
    area = compute.starts_with(place, "X-")
    for name in CODES:
        area = compute.or_kleene(area, compute.equal(_column(figures, name), place))
    known = compute.coalesce(area, arrow.nulls(len(place)).is_valid())
    nowhere = compute.indices_nonzero(compute.invert(known)).to_pylist()
    unknown = _rows_where(place, lambda code: code[:2] == "X-" and not places.is_known_code(code))
    return sorted([*nowhere, *unknown])


def _refuse_first(figures: "pd.DataFrame | arrow.Table", wrong: list[int], what: str) -> None:
    if wrong:
        where = _column(figures, "locator")[wrong[0]].as_py()
        raise HarmFound(f"Row {wrong[0]} ({where}) is {what}, {len(wrong)} in all. {REMEDY}")
