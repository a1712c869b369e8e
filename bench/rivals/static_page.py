"""A static page as Observable Framework builds them: data as files, drawn by the browser.

One HTML page, the values of all months as CSV, the outlines as GeoJSON, the drawing in plain
JavaScript (what D3 would add, 280 kB of it, is left out in its favour), compressed by its host.
"""

import os

import uvicorn
from content import FOLDER, headlines
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Displacement</title>
<style>body{font:16px sans-serif}#cards{display:flex;gap:2rem}svg{width:100%;height:600px}
path{fill:#f8f6f0;stroke:#888}circle{fill:#2f7fb8;fill-opacity:.5}</style>
<div id="cards">CARDS</div><button>Earlier</button>
<svg viewBox="0 0 800 600"></svg><p id="month"></p>
<script type="module">
const SVG = "http://www.w3.org/2000/svg";
const at = ([lon, lat]) => [(lon - 34.5) * 100, (37.8 - lat) * 125];
const [csv, outlines] = await Promise.all([
  fetch("data/values.csv").then((r) => r.text()),
  fetch("data/outlines.geojson").then((r) => r.json()),
]);
const [head, ...lines] = csv.trim().split("\\n").map((line) => line.split(","));
const rows = lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i]])));
const months = [...new Set(rows.map((row) => row.month))].sort();
const svg = document.querySelector("svg");
const ground = document.createElementNS(SVG, "g"), circles = document.createElementNS(SVG, "g");
svg.append(ground, circles);
for (const { geometry } of outlines.features) {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", parts.flat().map((ring) => `M${ring.map(at).join("L")}Z`).join(""));
  ground.append(path);
}
let month = months.length - 1;
const draw = () => {
  circles.replaceChildren(...rows.filter((row) => row.month === months[month]).map((row) => {
    const circle = document.createElementNS(SVG, "circle");
    const [x, y] = at([+row.lon, +row.lat]);
    const r = 36 * Math.sqrt(row.value / 9000);
    for (const [name, value] of Object.entries({ cx: x, cy: y, r }))
      circle.setAttribute(name, value);
    return circle;
  }));
  document.querySelector("#month").textContent = `Month ${months[month]}`;
};
document.querySelector("button").onclick = () => { month -= 1; draw(); };
draw();
</script></html>"""


def first(_request: Request) -> HTMLResponse:
    """The page."""
    cards = "".join(f"<div><p>{c['title']}</p><h2>{c['value']:,}</h2></div>" for c in headlines())
    return HTMLResponse(PAGE.replace("CARDS", cards))


app = Starlette(
    routes=[Route("/", first), Mount("/data", StaticFiles(directory=FOLDER))],
    middleware=[Middleware(GZipMiddleware, compresslevel=9)],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
