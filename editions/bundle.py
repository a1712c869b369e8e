"""The offline bundle: the edition, the briefs, the area's figures as CSV, and what proves them.

The same release gives the same bytes: files are in order of name, and every time is the release's.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from data.publication import dictionary, exports, harm
from editions import brief, light, pdf, word
from editions.content import Content
from visuals.language.words import LANGUAGES

MANIFEST: Final = "manifest.json"
README: Final = """# Nuzuh, offline

Open `index.html` in any browser; nothing here needs a network. `briefs/` holds the brief in three
languages as PDF and Word, `figures.csv` every figure of the edition with its provenance,
`data-dictionary.md` what each column means, and `manifest.json` the SHA-256 of every file.
"""


def files(content: Content, languages: tuple[str, ...] = tuple(LANGUAGES)) -> dict[str, bytes]:
    """Every file of the bundle by its path, the manifest last.

    Raises:
        HarmFound: One of them says what a public page must not.
    """
    made = dict(_files(content, languages))
    for name, body in made.items():
        harm.refuse_file(name, body)
    made[MANIFEST] = manifest(content, made)
    return made


def _files(content: Content, languages: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    yield from light.files(content, languages)
    for language in languages:
        composed = brief.compose(content, language)
        yield f"briefs/nuzuh-brief-{language}.pdf", pdf.render(composed)
        yield f"briefs/nuzuh-brief-{language}.docx", word.render(composed)
    yield "figures.csv", exports.as_bytes(content.figures, "csv")
    yield "data-dictionary.md", dictionary.render().encode()
    yield "README.md", README.encode()


def manifest(content: Content, made: dict[str, bytes]) -> bytes:
    """What is in a set of files: each path with its bytes and SHA-256, and the release it shows."""
    listed: dict[str, Any] = {
        "edition": content.number.strip("\u2066\u2069"),
        "release": content.release_id,
        "published_at": content.published_at.isoformat(),
        "as_known_on": content.known.isoformat() if content.known else None,
        "area": Path(content.area.code).stem,
        "figures": len(content.figures),
        "files": [
            {"path": name, "bytes": len(body), "sha256": sha256(body).hexdigest()}
            for name, body in sorted(made.items())
        ],
    }
    return json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"


def zipped(content: Content, made: dict[str, bytes]) -> bytes:
    """Files as one archive under a folder named after the edition."""
    out = io.BytesIO()
    at = content.published_at
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in sorted(made.items()):
            part = zipfile.ZipInfo(f"nuzuh/{name}", stamp)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            part.external_attr = 0o644 << 16
            archive.writestr(part, body, compresslevel=9)
    return out.getvalue()
