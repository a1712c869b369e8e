"""Who is measured: Nuzuh's pages, the floors under them, and the rivals; where and how."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import content, relay, serving
from bench.chromium import Stands
from bench.relay import Relay
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
_MONTH = (
    "[...document.querySelectorAll('p')].map((p) => p.textContent).find((t) => /^Month /.test(t))"
)
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
        line: Counts what it moves.
        path: Path and query.
        stands: When map and figures are there.
        button: What leads to the month before; None where there is none.
        month: JavaScript: what the page says that it shows.
    """

    name: str
    server: Server
    line: Relay
    path: str
    stands: Stands
    button: str | None = None
    month: str = _MONTH

    @property
    def address(self) -> str:
        """The whole address, through the relay that counts."""
        return f"http://{self.line.host}{self.path}"

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
    (
        "Observable Framework",
        "observable_page",
        Stands("document.querySelectorAll('#map circle').length > 100"),
    ),
)
OBSERVABLE = ROOT / ".bench" / "observable" / "node_modules"
"""Observable Framework, which `make bench` installs where there is npm."""


@contextmanager
def floors_and_ours(store: Path, *, floors: bool = True) -> Iterator[list[Contestant]]:
    """The floors, unless nobody is set beside them, and Nuzuh's own pages, served."""
    with ExitStack() as open_:

        def served(server: AbstractContextManager[Server]) -> tuple[Server, Relay]:
            running = open_.enter_context(server)
            return running, open_.enter_context(relay.counted(running.host))

        text = Stands("document.querySelector('.stMarkdown')?.textContent.includes('Nothing')")
        drawn = "document.querySelectorAll('.nz-stage circle.disc').length"
        cards = "document.querySelectorAll('.nz-card').length >= 5"
        light = Stands("document.readyState === 'complete' && document.querySelector('svg')")
        series = Stands(f"{drawn} > 100")
        button = "[class*=st-key-map-earlier] button"
        beside = {EMPTY: serving.empty, COMPRESSED: serving.empty_compressed} if floors else {}
        found = [Contestant(name, *served(start()), "/", text) for name, start in beside.items()]
        ours = served(serving.nuzuh(store))
        yield [
            *found,
            Contestant(SITUATION, *ours, "/?lang=en", Stands(f"{drawn} > 10 && {cards}")),
            Contestant(MAP, *ours, f"/map?{content.map_query()}", series, button, _LABEL),
            Contestant(LIGHT, *ours, "/nuzuh/light/en/index.html", light),
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
            there = PYTHON.exists() and (file != "observable_page" or OBSERVABLE.exists())
            if there and (not names or name in names):
                server = open_.enter_context(serving.rival(file, folder, PYTHON))
                line = open_.enter_context(relay.counted(server.host))
                alone = file in serving.ALONE
                button = "button" if alone else ".stButton button"
                month = _MONTH if alone else f"{_CALM} && {_MONTH}"
                found.append(Contestant(name, server, line, "/", stands, button, month))
        yield found
