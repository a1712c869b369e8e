"""Who is measured: Nuzuh's pages, the floors under them, and the rivals; where and how."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import content, serving
from bench.chromium import Stands
from bench.serving import ROOT, Server

EMPTY = "empty Streamlit page"
COMPRESSED = "empty page, compressed"
SITUATION = "Nuzuh: Situation"
MAP = "Nuzuh: Map"
LIGHT = "Nuzuh: light edition"
PYTHON = ROOT / ".bench" / "bin" / "python"
"""The environment of the rivals, which `make bench` sets up."""
_CALM = "document.querySelector('[data-test-script-state=notRunning]')"
_METRICS = "document.querySelectorAll('.stMetric').length >= 5"
_LABEL = "document.querySelector('.nz-stage svg')?.getAttribute('aria-label')"
_MONTH = "[...document.querySelectorAll('p')].map((p) => p.textContent).find((t) => /^Month /.test(t))"
_DRAWN = (
    "(() => { const map = document.querySelector('.js-plotly-plot')?._fullLayout?.map"
    "?._subplot?.map; return map && map.loaded(); })()"
)


@dataclass(frozen=True)
class Contestant:
    """A page that is measured.

    Attributes:
        name: As the table calls it.
        server: Who serves it.
        path: Path and query.
        stands: When map and figures are there.
        button: What leads to the month before; None where there is none.
        month: JavaScript: what the page says that it shows.
    """

    name: str
    server: Server
    path: str
    stands: Stands
    button: str | None = None
    month: str = _MONTH

    @property
    def address(self) -> str:
        """The whole address."""
        return f"{self.server.address}{self.path}"

    def at(self, months_back: int) -> str:
        """The address of an earlier month, so that each round draws months nobody asked for yet."""
        if self.name != MAP:
            return self.address
        end = content.months()[-1 - months_back]
        return f"{self.address}&day={quote(end)}"


_RIVALS = (
    (
        "Plotly map in Streamlit",
        "plotly_map",
        Stands(f"{_METRICS} && {_DRAWN}"),
    ),
    (
        "Folium in Streamlit",
        "folium_map",
        Stands("document.querySelectorAll('path.leaflet-interactive').length > 100", "iframe"),
    ),
    (
        "Altair geoshape in Streamlit",
        "altair_map",
        Stands(
            f"{_METRICS} && document.querySelectorAll('.stVegaLiteChart .mark-symbol path').length"
            " > 100"
        ),
    ),
    (
        "pydeck in Streamlit",
        "pydeck_map",
        Stands(f"{_METRICS} && document.querySelector('[data-testid=stDeckGlJsonChart] canvas')"),
    ),
    (
        "Dash",
        "dash_page",
        Stands(f"document.querySelectorAll('#cards h2').length >= 5 && {_DRAWN}"),
    ),
    (
        "static page, data as files",
        "static_page",
        Stands("document.querySelectorAll('circle').length > 100"),
    ),
)


@contextmanager
def floors_and_ours(store: Path) -> Iterator[list[Contestant]]:
    """The floors and Nuzuh's own pages, served."""
    with (
        serving.empty() as empty,
        serving.empty_compressed() as compressed,
        serving.nuzuh(store) as ours,
    ):
        text = Stands("document.querySelector('.stMarkdown')?.textContent.includes('Nothing')")
        drawn = "document.querySelectorAll('.nz-stage circle.disc').length"
        cards = "document.querySelectorAll('.nz-card').length >= 5"
        button = "[class*=st-key-map-chevron_left] button"
        yield [
            Contestant(EMPTY, empty, "/", text),
            Contestant(COMPRESSED, compressed, "/", text),
            Contestant(SITUATION, ours, "/?lang=en", Stands(f"{drawn} > 10 && {cards}")),
            Contestant(
                MAP, ours, f"/map?{content.map_query()}", Stands(f"{drawn} > 100"), button, _LABEL
            ),
            Contestant(
                LIGHT,
                ours,
                "/nuzuh/light/en/index.html",
                Stands("document.readyState === 'complete' && document.querySelector('svg')"),
            ),
        ]


@contextmanager
def rivals(folder: Path, names: Sequence[str] = ()) -> Iterator[list[Contestant]]:
    """What users would pick instead, served; none where their environment is not set up.

    Args:
        folder: What `content.for_rivals` wrote.
        names: Only these, as the table calls them; all by default.
    """
    with ExitStack() as open_:
        found = []
        for name, file, stands in _RIVALS:
            if PYTHON.exists() and (not names or name in names):
                server = open_.enter_context(serving.rival(file, folder, PYTHON))
                button = "button" if file in ("dash_page", "static_page") else ".stButton button"
                calm = file not in ("dash_page", "static_page")
                month = f"{_CALM} && {_MONTH}" if calm else _MONTH
                found.append(Contestant(name, server, "/", stands, button, month))
        yield found
