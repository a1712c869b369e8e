// The map on the page. Outlines, names and rules come once from the app's own address and stay;
// each change brings codes, values and words. Where things stand on the whole map was worked out in
// visuals/map/layout.py; here labels only make way for the frame and for circles that have moved.

const SVG = "http://www.w3.org/2000/svg";
const CLOSEST = 12; // times nearer than the whole map
const STEP = 1.6;
const BEAT = 1100; // milliseconds that a picture stands while time plays
const CLEAR = 0.82; // part of two radii that circles keep between them
const REST = 300; // milliseconds after which a wheel that turns again is turned anew
const FARTHEST = 22; // pixels that a circle leaves its seat by
const TURNS = 12;
const atlases = new Map();
const maps = new WeakMap();
const standing = new Set();

// Circles come by columns, as dashboard/components/drawing.py packs them: radii as steps in tenths,
// numbers with bars between them, the figures' ids as eight bytes each, zeros for none.
function rows([seats, steps, numbers, ...others]) {
  let tenths = 0;
  const columns = [numbers.split("|"), ...others];
  return seats.map((seat, at) => [seat, (tenths += steps[at]) / 10, ...columns.map((each) => each[at])]);
}

function identified(packed) {
  const hex = [...atob(packed)].map((one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return (hex.match(/.{16}/g) ?? []).map((id) => (/^0+$/.test(id) ? "" : id));
}

const STYLE = `
.nz-stage{position:relative;overflow:hidden;border:1px solid var(--st-border-color,currentColor);
  border-radius:3px;background:var(--nz-sea);touch-action:pan-x pan-y;direction:ltr}
.nz-stage.near{touch-action:pan-y}
.nz-stage>svg{display:block;width:100%;height:auto;cursor:grab;user-select:none;outline:none}
.nz-stage.held>svg{cursor:grabbing}
.nz-stage:has(>svg:focus-visible){outline:2px solid var(--st-primary-color,currentColor);outline-offset:1px}
.nz-stage path{vector-effect:non-scaling-stroke;stroke-linejoin:round}
.nz-stage .far{fill:var(--nz-far);stroke:var(--nz-far-line)}
.nz-stage .near{fill:var(--nz-near);stroke:var(--nz-near-line)}
.nz-stage .fine{fill:none;stroke:none;pointer-events:none}
.nz-stage path.shade{cursor:pointer;pointer-events:fill}
.nz-stage .shade0{fill:var(--nz-shade0)}.nz-stage .shade1{fill:var(--nz-shade1)}
.nz-stage .shade2{fill:var(--nz-shade2)}.nz-stage .shade3{fill:var(--nz-shade3)}
.nz-stage .shade4{fill:var(--nz-shade4)}.nz-stage .shade-1{fill:url(#nz-hatch)}
.nz-stage .outline{fill:none;stroke:var(--nz-ink);stroke-width:3;pointer-events:none}
.nz-stage.shaded a .disc{fill:transparent;stroke:transparent}
.nz-stage .within{fill:none;stroke:var(--nz-within)}
.nz-stage .core{fill:none;stroke:var(--nz-core)}
.nz-stage .edge{fill:none;stroke:var(--nz-edge)}
.nz-stage a circle{fill-opacity:.5;stroke-width:1.5}
.nz-stage a .look1{fill-opacity:.16;stroke-width:2.6}
.nz-stage a .none{fill:transparent;stroke-dasharray:2 2}
.nz-stage a .zero,.nz-legend .zero{fill-opacity:0;stroke-width:1.2}
.nz-stage a .reach{fill:transparent;stroke:none}
.nz-stage a .stem{fill:none;stroke:var(--nz-ink);stroke-width:1;opacity:.6}
.nz-stage a{cursor:pointer;outline:none}
.nz-stage a:hover .disc:not(.zero){fill-opacity:.75}
.nz-stage a:focus-visible .disc,.nz-stage a.told .disc{stroke:var(--nz-ink);stroke-width:3}
.nz-stage text{fill:var(--nz-ink);stroke:var(--nz-halo);stroke-width:3px;stroke-opacity:.9;
  paint-order:stroke;stroke-linejoin:round;pointer-events:none;
  font-family:var(--st-font,"Source Sans","Noto Sans Arabic",sans-serif)}
.nz-stage text.land{fill:var(--nz-land)}
.nz-stage .name{font-size:13px;font-weight:600}
.nz-stage .number{font-size:12px;font-variant-numeric:tabular-nums}
@media (prefers-reduced-motion:no-preference){.nz-stage:not(.still) .disc{transition:r .25s ease-out}}
.nz-frame{position:relative}
.nz-panel{position:relative;border:1px solid var(--st-border-color,currentColor);border-radius:3px;
  padding:var(--s3) var(--s4);margin-top:6px}
.nz-panel[hidden]{display:none}
.nz .nz-panel h3{font-size:var(--lead);padding-inline-end:2.6rem}.nz-panel h3:focus{outline:none}
.nz-panel ul{list-style:none;padding:0 !important;margin:var(--s2) 0 var(--s3)}
.nz-panel li{padding:var(--s2) 0;border-bottom:1px solid var(--st-border-color,currentColor)}
.nz-panel li>*{display:block}.nz-panel li a{font-size:var(--lead);font-weight:650;
  font-variant-numeric:tabular-nums}
.nz-panel small{opacity:.75}
.nz-panel button{position:absolute;top:.4rem;inset-inline-end:.4rem;width:2.3rem;height:2.3rem;
  font:inherit;cursor:pointer;color:inherit;background:none;border:1px solid transparent}
.nz-panel button:hover{border-color:currentColor}
@media (min-width:1000px){.nz-frame.open{display:grid;grid-template-columns:minmax(0,1fr) 21rem;
  grid-template-rows:auto 1fr;gap:0 12px;
  align-items:start}.nz-frame.open .nz-panel{grid-column:2;grid-row:1/3;margin:0;max-height:42rem;overflow-y:auto}
  .nz-atlas.narrow .nz-frame.open{display:block}}
@media (hover:none){.nz .nz-map-notes .hands{display:none}}
@media (hover:hover){.nz .nz-map-notes .fingers{display:none}}
@media (pointer:coarse){.nz-zoom button,.nz-panel button{width:2.95rem !important;height:2.95rem !important}}
.nz-zoom{display:flex;flex-direction:row;flex-wrap:wrap;gap:4px;padding-top:6px;grid-column:1}
.nz-zoom button{width:2.3rem;height:2.3rem;padding:0;cursor:pointer;font:inherit;line-height:1;
  border:1px solid var(--st-border-color,currentColor);border-radius:3px;color:var(--st-text-color,CanvasText);
  background:var(--st-background-color,Canvas)}
.nz-zoom button:hover{border-color:currentColor}
.nz-zoom button:focus-visible{outline:2px solid var(--st-primary-color,currentColor);outline-offset:1px}
.nz-zoom button[disabled]{opacity:.45;cursor:default}
.nz-when{align-self:center;padding-inline:var(--s2);font-size:var(--small);font-weight:600}
.nz-zoom svg{width:1rem;height:1rem;stroke:currentColor;stroke-width:1.8;fill:none;vertical-align:middle}
.nz-tip{position:absolute;z-index:3;max-width:min(19rem,88%);padding:var(--s3);font-size:var(--small);
  line-height:1.35;border:1px solid var(--st-border-color,currentColor);border-radius:3px;pointer-events:none;
  background:var(--st-background-color,Canvas);color:var(--st-text-color,CanvasText);
  box-shadow:var(--lift)}
.nz-tip[hidden]{display:none}
.nz-tip b{display:block}.nz-tip .big{font-size:var(--lead);font-weight:650;font-variant-numeric:tabular-nums}
.nz-tip span{display:block}.nz-tip a{pointer-events:auto;display:inline-block;padding:var(--s2) 0 var(--s1);color:inherit}
.nz-legend{display:flex;flex-wrap:wrap;align-items:center;gap:var(--s2) var(--s6);padding:var(--s3) 0 var(--s1);font-size:var(--fine)}
.nz-legend svg{display:block;flex:none;direction:ltr}
.nz-legend .size{fill:none;stroke:var(--nz-edge)}.nz-legend .leader{stroke:var(--nz-core);stroke-width:.7}
.nz-legend rect{stroke:var(--nz-core)}.nz-legend .shade0{fill:var(--nz-shade0)}
.nz-legend .shade1{fill:var(--nz-shade1)}.nz-legend .shade2{fill:var(--nz-shade2)}
.nz-legend .shade3{fill:var(--nz-shade3)}.nz-legend .shade4{fill:var(--nz-shade4)}
.nz-legend .shade-1{fill:url(#nz-hatch)}
.nz-legend svg text{font-size:12px;fill:currentColor;font-variant-numeric:tabular-nums}
.nz-legend ul{list-style:none;padding:0;flex:1 1 14rem}
.nz-legend li{display:flex;gap:var(--s3);align-items:center;padding:var(--s1) 0}
.nz .nz-map-notes p{font-size:var(--fine);line-height:1.4;opacity:.75}
.nz .nz-map-notes p:first-child{font-size:var(--small);opacity:1}
.nz-stage .failed{padding:var(--s4)}
`;

const element = (name, attributes = {}, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const html = (name, attributes = {}, text) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

// No figure is no colour: lines across, which no class has.
function hatch() {
  const pattern = element("pattern", {
    id: "nz-hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
  });
  pattern.append(element("rect", { width: 6, height: 6, style: "fill:var(--nz-near);stroke:none" }));
  const line = { d: "M0 0V6", style: "stroke:var(--nz-core);stroke-width:1.6" };
  pattern.append(element("path", line));
  const made = element("defs");
  made.append(pattern);
  return made;
}

// Said by the page's own voice, which who cannot see it hears.
const voice = (sentence) => {
  const region = document.querySelector(".nz-mast > [role=status]");
  if (region) region.textContent = sentence;
};

const filled = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));

function fetched(address) {
  if (!atlases.has(address)) {
    const asked = fetch(new URL(address, document.baseURI)).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      return answer.json();
    });
    // Asked again with the next change: a line that was cut may be back.
    asked.catch(() => atlases.delete(address));
    atlases.set(address, asked);
  }
  return atlases.get(address);
}

// What Streamlit gives an element, and the change that came with it. Everything is done here and
// nothing in the loader, which travels with every change.
export default async function show({ parentElement, setTriggerValue }, change) {
  const host = parentElement.querySelector(".nz-atlas");
  host.nuzuhAsk = (time) => setTriggerValue("asked", { time });
  await changed(host, change);
  return () => left(host);
}

async function changed(host, data) {
  if (!maps.has(host)) maps.set(host, { turn: 0 });
  const held = maps.get(host);
  const turn = (held.turn += 1);
  let atlas;
  try {
    atlas = await fetched(data.atlas);
  } catch {
    if (turn === held.turn) {
      host.replaceChildren(html("p", { role: "alert", dir: data.dir }, data.failed));
      held.map?.leave();
      held.map = undefined;
    }
    return;
  }
  if (turn !== held.turn) return;
  if (held.map?.atlas !== atlas) {
    held.map?.leave();
    held.map = new Atlas(host, atlas);
  }
  held.map.change(data);
}

function left(host) {
  maps.get(host)?.map?.leave();
  maps.delete(host);
}

class Atlas {
  constructor(host, atlas) {
    this.atlas = atlas;
    this.codes = Object.keys(atlas.seats); // marks name a place by its turn among the seats
    this.marks = new Map();
    this.host = host;
    this.pointers = new Map();
    this.widths = new Map();
    this.pen = document.createElement("canvas").getContext("2d");
    // Letters that come late are wider or narrower than those they replace.
    document.fonts?.ready.then(() => (this.widths.clear(), this.place()));
    this.byHand = false; // a focus that a press brought is told by the press itself
    this.key = () => (this.byHand = false);
    const [width, height] = atlas.size;
    this.whole = [0, 0, width, height];
    host.replaceChildren();
    host.classList.add("nz");
    for (const [name, [light, dark]] of Object.entries(atlas.paper)) {
      host.style.setProperty(`--nz-${name}`, `light-dark(${light}, ${dark})`);
    }
    host.append(html("style", {}, STYLE));
    this.stage = html("div", { class: "nz-stage" });
    this.svg = element("svg", { tabindex: "0", role: "group" });
    this.svg.style.aspectRatio = `${width} / ${height}`;
    const ground = element("g", { "aria-hidden": "true" });
    this.areas = new Map();
    const near = [...atlas.near];
    const fine = Object.entries(atlas.fine);
    for (const [kind, path] of atlas.layers) {
      if (kind === "within") {
        // Under the borders, which stay in sight when the sub-districts are shaded.
        for (const [code, d] of fine) ground.append(this.area(code, "fine", d));
      }
      const made = kind === "near" ? this.area(near.shift(), kind, path) : element("path", { d: path });
      made.setAttribute("class", kind);
      made.setAttribute("stroke-width", atlas.strokes[kind]);
      ground.append(made);
    }
    this.outline = element("path", { class: "outline", display: "none" });
    ground.append(hatch(), this.outline);
    this.lands = Object.entries(atlas.middles).map(([code, [x, y]]) => {
      const name = element("text", { class: "land name", "text-anchor": "middle", direction: "ltr" });
      name.setAttribute("y", atlas.spots[0][4]);
      ground.append(name);
      return { code, x, y, name };
    });
    this.circles = element("g");
    this.labels = element("g", { "aria-hidden": "true" });
    this.svg.append(ground, this.circles, this.labels);
    this.zoom = html("div", { class: "nz-zoom" });
    this.buttons = {
      "map.zoom_in": this.button("M8 3v10M3 8h10", () => this.nearer(STEP)),
      "map.zoom_out": this.button("M3 8h10", () => this.nearer(1 / STEP)),
      "map.reset": this.button("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", () => this.look(this.whole)),
    };
    this.player = this.button("M5 3l8 5-8 5Z", () => this.play(!this.playing));
    // The date comes with the circles: what stands over the page's slider may be ahead of them.
    this.when = html("span", { class: "nz-when" });
    this.zoom.append(this.when);
    this.panel = html("section", { class: "nz-panel", hidden: "" });
    this.tip = html("div", { class: "nz-tip", hidden: "" });
    this.stage.append(this.svg, this.tip);
    this.frame = html("div", { class: "nz-frame" });
    this.frame.append(this.stage, this.zoom, this.panel);
    this.paper = html("h2", { class: "nz-paper" });
    this.legend = html("div", { class: "nz-legend" });
    this.notes = html("div", { class: "nz-map-notes" });
    this.table = html("details");
    host.append(this.paper, this.frame, this.legend, this.notes, this.table);
    this.listen();
    this.watch = new ResizeObserver(() => this.place());
    this.watch.observe(this.stage);
    standing.add(this);
  }

  // Two maps side by side show one part of the ground and speak of one place: this one is among them.
  abreast() {
    const row = this.host.closest("[class*=st-key-abreast]");
    return row ? [...standing].filter((one) => one.atlas === this.atlas && row.contains(one.host)) : [this];
  }

  // A part of the ground that a rate may shade: what a hand does there, it does to its place.
  area(code, kind, d) {
    const path = element("path", { class: kind, d });
    const mark = () => (this.data?.shades && path.classList.contains("shade") ? this.shaded(code, kind) : null);
    path.addEventListener("pointerenter", (e) => this.points(e) && mark() && this.show(mark()));
    path.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && mark() && this.hush());
    path.addEventListener("click", (event) => {
      if (!mark() || this.moved) return;
      if (event.pointerType === "touch") this.show(mark(), true);
      else mark().link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    });
    this.areas.set(code, { path, kind });
    return path;
  }

  // What an area is shaded for: its own place, or the district that a sub-district lies in.
  shaded(code, kind) {
    return this.marks.get(code) ?? (kind === "fine" ? this.marks.get(code.slice(0, -2)) : undefined);
  }

  shade() {
    const { shades } = this.data;
    const blank = new Set(this.data.blank?.split(" "));
    this.stage.classList.toggle("shaded", Boolean(shades));
    // A rate runs from light to dark; a change parts at "about as many", in colours of its own.
    for (const [at, [light, dark]] of (this.data.shadeColours ?? []).entries()) {
      this.host.style.setProperty(`--nz-shade${at}`, `light-dark(${light}, ${dark})`);
    }
    for (const [code, { path, kind }] of this.areas) {
      const mark = shades ? this.shaded(code, kind) : undefined;
      const hatched = blank.has(code) || (kind === "fine" && blank.has(code.slice(0, -2)));
      path.setAttribute("class", mark ? `${kind} shade shade${mark.shade}` : hatched ? `${kind} shade-1` : kind);
    }
  }

  leave() {
    standing.delete(this);
    document.removeEventListener("keydown", this.key);
    this.watch.disconnect();
    clearTimeout(this.next);
  }

  // ---- time: the page is asked for the next picture once this one stands

  play(on) {
    clearTimeout(this.next);
    this.playing = on;
    this.player.setAttribute("aria-label", this.say(on ? "map.pause" : "map.play"));
    this.player.title = this.player.getAttribute("aria-label");
    this.player.querySelector("path").setAttribute("d", on ? "M5 3v10M11 3v10" : "M5 3l8 5-8 5Z");
    const [at, count] = this.data.time ?? [0, 0];
    if (on) this.host.nuzuhAsk(at < count - 1 ? at + 1 : 0);
  }

  onward() {
    const [at, count] = this.data.time ?? [0, 0];
    this.player.hidden = count < 2;
    const days = new Set(this.data.notes.map(([, when]) => when));
    this.when.textContent = count > 1 && days.size === 1 ? [...days][0] : "";
    if (!this.playing) return this.play(false);
    clearTimeout(this.next);
    this.next = setTimeout(() => this.play(at < count - 1), BEAT);
  }

  // ---- a place's figures, beside the map

  // A hand that rests points at nothing: the map may have moved under it, beside a panel that opened.
  points({ pointerType, clientX, clientY }) {
    return pointerType === "mouse" && this.pressed !== `${clientX} ${clientY}`;
  }

  async open(mark) {
    const { panel } = this;
    this.hush();
    const asked = (this.asked = {});
    const address = mark.link.getAttribute("href").replace("./place?", "./nuzuh/place?");
    const close = html("button", { type: "button", "aria-label": this.say("map.close") }, "×");
    const head = html("h3", { tabindex: "-1" }, mark.name);
    this.shut = () => {
      panel.hidden = true;
      this.frame.classList.remove("open");
      this.asked = this.shut = undefined;
      (mark.link.isConnected ? mark.link : this.svg).focus();
    };
    close.addEventListener("click", () => this.shut());
    panel.dir = this.data.dir;
    panel.setAttribute("aria-label", mark.name);
    panel.setAttribute("aria-busy", "true");
    panel.replaceChildren(head, close);
    panel.hidden = false;
    this.frame.classList.add("open");
    head.focus();
    let told;
    try {
      const answer = await fetch(new URL(address, document.baseURI));
      if (!answer.ok) throw new Error(answer.status);
      told = await answer.json();
    } catch {
      if (asked !== this.asked) return;
      panel.append(html("p", { role: "alert" }, this.say("map.panel_failed")));
      return;
    }
    if (asked !== this.asked) return;
    const list = html("ul");
    for (const { series, value, when, caveats, href } of told.figures) {
      const row = html("li");
      row.append(html("span", {}, series), html("a", { href, target: "_self" }, value), html("small", {}, when));
      if (caveats) row.append(html("small", {}, caveats));
      list.append(row);
    }
    panel.removeAttribute("aria-busy");
    panel.append(
      html("small", {}, told.kind),
      ...(told.none ? [html("p", {}, told.none)] : [list]),
      html("a", { href: told.href, target: "_self" }, told.open),
    );
    voice(told.said);
  }

  button(path, act) {
    const made = html("button", { type: "button" });
    const icon = element("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
    icon.append(element("path", { d: path }));
    made.append(icon);
    made.addEventListener("click", act);
    this.zoom.append(made);
    return made;
  }

  say(key) {
    return this.atlas.words[this.data.lang][key];
  }

  change(data) {
    this.data = data;
    const names = this.atlas.names[data.lang];
    this.hush();
    this.svg.setAttribute("aria-label", `${data.title}. ${data.description}`);
    // On paper the choices above are left out; maps without a time of their own have a heading.
    this.paper.textContent = data.time ? data.title : "";
    for (const [key, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-label", this.say(key));
      button.title = this.say(key);
    }
    for (const { code, name } of this.lands) name.textContent = names[code];
    const kept = new Map();
    const figures = data.shades ? [] : identified(data.figures);
    for (const [at, row] of (data.shades ? data.marks : rows(data.marks)).entries()) {
      // Circles name a place by its turn among the seats, and their figures follow in one text;
      // shades bring codes and figures in their rows.
      const [seat, radius, number, look, note, step, spot, id, shade, ...both] = row;
      const code = data.shades ? seat : this.codes[seat];
      if (!(code in this.atlas.seats)) continue;
      const figure = data.shades ? id : figures[at];
      const mark = this.marks.get(code) ?? this.made(code);
      Object.assign(mark, { code, radius, number, step, spot, figure, shade, name: names[code] ?? code });
      mark.both = both;
      mark.share =
        data.shades && figure
          ? filled(data.share, Object.fromEntries(data.shadeColumns.slice(1).map(([name], n) => [name, both[n]])))
          : "";
      mark.note = data.notes[note];
      const [series, when, publisher] = mark.note;
      const said = { place: mark.name, value: number, series, when, publisher };
      if (mark.share) said.value = `${number} (${mark.share})`;
      mark.link.setAttribute("aria-label", filled(this.say("map.circle"), said));
      if (data.link) mark.link.setAttribute("href", data.link + encodeURIComponent(code));
      const colour = data.colours[look] ?? "none";
      mark.zero = !data.shades && radius > 0 && at >= data.zeros;
      mark.disc.setAttribute("class", `disc look${look}${radius ? "" : " none"}${mark.zero ? " zero" : ""}`);
      mark.disc.setAttribute("fill", colour);
      mark.disc.setAttribute("stroke", colour);
      mark.label.children[0].textContent = mark.name;
      mark.label.children[1].textContent = number;
      kept.set(code, mark);
    }
    for (const [code, mark] of this.marks) {
      if (kept.has(code)) continue;
      mark.link.remove();
      mark.label.remove();
    }
    this.marks = kept;
    this.shade();
    // Large ones first, so that no small one is hidden; moved only where the order changed, as a
    // circle that is taken out loses the reader's focus.
    [...kept.values()].forEach((mark, at) => {
      if (this.circles.children[at] !== mark.link) {
        this.circles.insertBefore(mark.link, this.circles.children[at] ?? null);
      }
      this.labels.append(mark.label);
    });
    const first = data.view.join(" ");
    if (first !== this.first) this.look(data.view);
    this.first = first;
    this.spreadAt = undefined;
    this.host.classList.toggle("narrow", this.host.clientWidth < 800);
    this.tell();
    this.place();
    this.onward();
  }

  made(code) {
    const [x, y] = this.atlas.seats[code];
    const mark = { x, y, link: element("a", { target: "_self" }), disc: element("circle") };
    mark.reach = element("circle", { class: "reach" });
    mark.label = element("g", { direction: "ltr" });
    mark.label.append(element("text", { class: "name" }), element("text", { class: "number" }));
    mark.stem = element("path", { class: "stem" });
    mark.link.append(mark.stem, mark.reach, mark.disc);
    mark.link.addEventListener("pointerenter", (e) => this.points(e) && this.show(mark));
    mark.link.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && this.hush());
    mark.link.addEventListener("focus", () => {
      this.bring(mark);
      if (!this.byHand) this.show(mark);
    });
    mark.link.addEventListener("blur", (event) => {
      if (!this.tip.contains(event.relatedTarget)) this.hush();
    });
    mark.link.addEventListener("click", (event) => {
      // A finger cannot point: its first tap tells, its second opens.
      const finger = event.pointerType === "touch" && this.before !== mark;
      // A new tab is asked for with a key held: there it is a link as any other.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (this.moved || !this.data.link) return;
      if (finger) this.show(mark, true);
      else this.open(mark);
    });
    mark.link.addEventListener("dragstart", (event) => event.preventDefault());
    return mark;
  }

  // ---- where things stand

  get unit() {
    return (this.svg.clientWidth || this.stage.clientWidth || 1) / this.view[2];
  }

  look(view) {
    const [width, height] = this.atlas.size;
    const across = Math.min(width, Math.max(width / CLOSEST, view[2]));
    const down = (across * height) / width;
    const left = Math.min(Math.max(view[0] + (view[2] - across) / 2, 0), width - across);
    const top = Math.min(Math.max(view[1] + (view[3] - down) / 2, 0), height - down);
    for (const one of this.abreast()) one.turn([left, top, across, down]);
  }

  turn(view) {
    this.view = view;
    this.stage.classList.add("still");
    this.place();
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.stage.classList.remove("still"), 60);
  }

  // What is at a place stays there, or goes as far as the fingers that hold it, pixels.
  nearer(times, at, [right, lower] = [0, 0]) {
    const [left, top, across, down] = this.view;
    const [x, y] = at ?? (times > 1 ? this.busy() : [left + across / 2, top + down / 2]);
    const width = Math.min(this.atlas.size[0], Math.max(this.atlas.size[0] / CLOSEST, across / times));
    const share = width / across;
    const pixel = share / this.unit;
    this.look([
      x - (x - left) * share - right * pixel, y - (y - top) * share - lower * pixel, width, down * share,
    ]);
  }

  // What a reader who zooms in without pointing means: the place they are at, else where most is.
  busy() {
    if (this.told) return [this.told.x, this.told.y];
    const [left, top, across, down] = this.view;
    let [sum, x, y] = [0, 0, 0];
    for (const mark of this.marks.values()) {
      const inside = mark.x > left && mark.x < left + across && mark.y > top && mark.y < top + down;
      const weight = inside ? mark.radius ** 2 : 0;
      [sum, x, y] = [sum + weight, x + weight * mark.x, y + weight * mark.y];
    }
    return sum ? [x / sum, y / sum] : [left + across / 2, top + down / 2];
  }

  move(right, down) {
    const [left, top, across, height] = this.view;
    this.look([left + right, top + down, across, height]);
  }

  bring(mark) {
    if (this.sees(mark)) return;
    const [, , across, down] = this.view;
    this.look([mark.x - across / 2, mark.y - down / 2, across, down]);
  }

  sees({ x, y }) {
    const [left, top, across, down] = this.view;
    return x >= left && x <= left + across && y >= top && y <= top + down;
  }

  // How far a box must move so that the frame does not cut it, pixels.
  cut([left, top, right, foot]) {
    const [, , across, down] = this.view;
    const into = (from, to, room) => Math.max(2 - from, 0) || Math.min(room - 2 - to, 0);
    return [into(left, right, across * this.unit), into(top, foot, down * this.unit)];
  }

  // Where a label would stand at a spot, pixels from the picture's corner.
  box(mark, spot, size) {
    const [anchor, across, right, down, below] = this.atlas.spots[spot];
    const [away, lowered] = mark.shift ?? [0, 0];
    const radius = mark.radius * size || 5;
    const x = (mark.x - this.view[0]) * this.unit + away + across * radius + right;
    const y = (mark.y - this.view[1]) * this.unit + lowered + down * radius + below;
    const wide = this.wide(mark.name, mark.number);
    const left = x - { start: 0, middle: wide / 2, end: wide }[anchor];
    return [left, y - this.atlas.rules.name, left + wide, y + this.atlas.line + 4];
  }

  // The width of a label in the page's own letters, which the server can only guess.
  wide(name, number = "") {
    const key = `${name}\n${number}`;
    if (!this.widths.has(key)) {
      const letters = getComputedStyle(this.lands[0]?.name ?? this.svg).fontFamily;
      const of = (size, text) => Object.assign(this.pen, { font: `${size} ${letters}` }).measureText(text).width;
      this.widths.set(key, Math.max(of("600 13px", name), of("12px", number)) + 2);
    }
    return this.widths.get(key);
  }

  // Where each label stands in this picture: the server's spot, which was chosen on the whole map.
  // What the frame cuts there stands on another side, and so does a great number whose circle has
  // moved away from those it had no room among; none is moved onto another's circle.
  labelled(unit, size) {
    const { steps, rules, spots } = this.atlas;
    const discs = [...this.marks.values()].map((mark) => {
      const [away, lowered] = mark.shift ?? [0, 0];
      const [x, y] = [(mark.x - this.view[0]) * unit + away, (mark.y - this.view[1]) * unit + lowered];
      return { mark, x, y, r: mark.radius * size };
    }).filter(({ r }) => r >= rules.seen);
    const lies = ([left, top, right, foot], { x, y, r }) =>
      Math.hypot(Math.max(left - x, x - right, 0), Math.max(top - y, y - foot, 0)) < r * rules.inner;
    const taken = [];
    const free = (box, pad = 1) => !taken.some((at) =>
      at[0] < box[2] + pad && at[2] > box[0] - pad && at[1] < box[3] + pad && at[3] > box[1] - pad);
    const uncut = (box) => !this.cut(box).some(Boolean);
    for (const mark of this.marks.values()) {
      const due = mark.step >= 0 && unit >= steps[mark.step];
      const great = !this.data.shades && mark.radius >= rules.great;
      mark.at = undefined;
      if (!(due || great) || !this.sees(mark)) continue;
      const others = discs.filter((disc) => disc.mark !== mark);
      const own = due && this.box(mark, mark.spot, size);
      let chosen = own && uncut(own) && free(own) ? { spot: mark.spot, box: own } : undefined;
      if (!chosen && (great || (own && !uncut(own)))) {
        const most = great ? rules.covered : 0;
        const sides = spots.map((_, spot) => spot).slice(1).map((spot) => {
          const box = this.box(mark, spot, size);
          const on = others.filter((disc) => lies(box, disc));
          const larger = on.some(({ mark: { radius } }) => radius > mark.radius);
          // On another great circle last: there the number would be read as that one's.
          const worse = on.some(({ mark: { radius } }) => radius >= rules.great) ? most + 1 : 0;
          return { spot, box, on: on.length, larger, worse };
        }).filter(({ box, on, larger }) => uncut(box) && free(box, 3) && !larger && on <= most);
        chosen = sides.sort((one, other) => one.on + one.worse - other.on - other.worse)[0];
      }
      if (!chosen && own) {
        const [aside, lower] = this.cut(own);
        const box = [own[0] + aside, own[1] + lower, own[2] + aside, own[3] + lower];
        const onto = (aside || lower) && others.some((disc) => lies(box, disc) && !lies(own, disc));
        if (free(box) && !onto) chosen = { spot: mark.spot, box, aside, lower };
      }
      if (!chosen) continue;
      mark.at = chosen;
      taken.push(chosen.box);
    }
    for (const land of this.lands) {
      const step = this.data.countries[land.code];
      land.at = undefined;
      if (step === undefined || unit < steps[step] || !this.sees(land)) continue;
      const x = (land.x - this.view[0]) * unit, y = (land.y - this.view[1]) * unit + spots[0][4];
      const half = this.wide(land.name.textContent) / 2;
      const box = [x - half, y - rules.name, x + half, y + 4];
      const [aside, lower] = this.cut(box);
      const moved = [box[0] + aside, box[1] + lower, box[2] + aside, box[3] + lower];
      if (!free(moved, 3) || discs.some((disc) => lies(moved, disc))) continue;
      land.at = { aside, lower };
      taken.push(moved);
    }
  }

  place() {
    if (!this.view || !this.data) return;
    this.svg.setAttribute("viewBox", this.view.map((n) => n.toFixed(2)).join(" "));
    const unit = this.unit;
    const size = Math.min(1, Math.sqrt(unit));
    const { spots, line } = this.atlas;
    this.spread(unit, size);
    this.labelled(unit, size);
    for (const mark of this.marks.values()) {
      const at = `translate(${mark.x} ${mark.y}) scale(${1 / unit})`;
      const radius = mark.radius * size || 5;
      const [away, lowered] = mark.shift ?? [0, 0];
      mark.link.setAttribute("transform", at);
      for (const disc of [mark.disc, mark.reach]) {
        disc.setAttribute("cx", away.toFixed(1));
        disc.setAttribute("cy", lowered.toFixed(1));
      }
      const far = Math.hypot(away, lowered) > 3;
      mark.stem.setAttribute("d", far ? `M0 0L${away.toFixed(1)} ${lowered.toFixed(1)}` : "M0 0");
      mark.disc.setAttribute("r", radius.toFixed(1));
      mark.reach.setAttribute("r", Math.max(radius, 12).toFixed(1));
      mark.label.setAttribute("display", mark.at ? "inline" : "none");
      if (!mark.at) continue;
      const { spot, aside = 0, lower = 0 } = mark.at;
      const [anchor, across, right, down, below] = spots[spot];
      mark.label.setAttribute("transform", `${at} translate(${aside} ${lower})`);
      mark.label.setAttribute("text-anchor", anchor);
      [...mark.label.children].forEach((text, row) => {
        text.setAttribute("x", away + across * radius + right);
        text.setAttribute("y", lowered + down * radius + below + row * line);
      });
    }
    for (const { x, y, name, at } of this.lands) {
      name.setAttribute("display", at ? "inline" : "none");
      if (!at) continue;
      const moved = `translate(${at.aside} ${at.lower})`;
      name.setAttribute("transform", `translate(${x} ${y}) scale(${1 / unit}) ${moved}`);
    }
    this.apart();
    const near = this.view[2] < this.atlas.size[0] - 0.01;
    this.stage.classList.toggle("near", near);
    this.buttons["map.zoom_out"].disabled = !near;
    this.buttons["map.reset"].disabled = !near;
    this.buttons["map.zoom_in"].disabled = this.view[2] <= this.atlas.size[0] / CLOSEST + 0.01;
    this.draw(size);
    if (this.told) this.stand(this.told);
  }

  // Circles that would hide one another give way, the small before the large, and keep a stem.
  spread(unit, size) {
    if (this.spreadAt === unit) return;
    this.spreadAt = unit;
    const all = [...this.marks.values()].map((mark) => {
      const r = mark.radius * size || 5;
      return { mark, r, x: mark.x * unit, y: mark.y * unit, dx: 0, dy: 0 };
    });
    for (let turn = 0; turn < TURNS && !this.data.shades; turn += 1) {
      let moved = false;
      for (let i = 0; i < all.length; i += 1) {
        for (let j = i + 1; j < all.length; j += 1) {
          const [one, other] = [all[i], all[j]];
          const right = other.x + other.dx - one.x - one.dx;
          const down = other.y + other.dy - one.y - one.dy;
          const wanted = (one.r + other.r) * CLEAR;
          const gap = Math.hypot(right, down);
          if (gap >= wanted) continue;
          const [x, y] = gap > 0.5 ? [right / gap, down / gap] : [Math.cos(j), Math.sin(j)];
          const share = other.r / (one.r + other.r);
          const push = (wanted - gap) / 2;
          one.dx -= x * push * share;
          one.dy -= y * push * share;
          other.dx += x * push * (1 - share);
          other.dy += y * push * (1 - share);
          moved = true;
        }
      }
      for (const one of all) {
        const long = Math.hypot(one.dx, one.dy);
        if (long > FARTHEST) {
          one.dx *= FARTHEST / long;
          one.dy *= FARTHEST / long;
        }
      }
      if (!moved) break;
    }
    for (const { mark, dx, dy } of all) mark.shift = [dx, dy];
  }

  // What was measured is held against what was drawn: no two labels lie on one another.
  apart() {
    const boxes = [];
    for (const mark of this.marks.values()) {
      if (mark.label.getAttribute("display") === "none") continue;
      const box = mark.label.getBoundingClientRect();
      const hit = boxes.some((at) => Math.min(at.right, box.right) - Math.max(at.left, box.left) > 1
        && Math.min(at.bottom, box.bottom) - Math.max(at.top, box.top) > 1);
      if (hit) mark.label.setAttribute("display", "none");
      else boxes.push(box);
    }
  }

  // ---- what is told

  show(mark, finger = false) {
    for (const one of this.abreast()) {
      one.quiet();
      const same = one === this ? mark : one.marks.get(mark.code);
      if (same && one.sees(same)) one.point(same, finger, one !== this);
    }
  }

  point(mark, finger, echoed) {
    this.told = mark;
    this.echoed = echoed;
    mark.link.classList.add("told");
    const [series, when, publisher, ...more] = mark.note;
    this.tip.setAttribute("dir", this.data.dir);
    this.tip.replaceChildren(
      html("b", {}, mark.name),
      html("span", { class: "big" }, mark.number),
      ...(mark.share ? [html("span", {}, mark.share)] : []),
      ...[series, `${when} · ${publisher}`, ...more].map((text) => html("span", {}, text)),
    );
    if (finger && this.data.link) {
      const open = html("a", { href: mark.link.getAttribute("href"), target: "_self" });
      open.textContent = filled(this.say("map.open"), { place: mark.name });
      this.tip.append(open);
      // A finger follows links here; hands with a pointer or keys find them in the table.
      const figures = mark.share && this.data.provenance
        ? this.data.shadeColumns.slice(1).map(([, said], n) => [said, mark.both[n], n ? mark.both[2] : mark.figure]) : [];
      for (const [name, text, figure] of figures) {
        const to = html("a", { href: this.data.provenance + encodeURIComponent(figure), target: "_self" });
        to.textContent = `${name}: ${text}`;
        this.tip.append(html("br"), to);
      }
    }
    const area = this.data.shades && this.areas.get(mark.code);
    if (area) {
      this.outline.setAttribute("d", area.path.getAttribute("d"));
      this.outline.setAttribute("display", "inline");
    }
    this.tip.hidden = false;
    this.stand(mark);
  }

  stand(mark) {
    const unit = this.unit;
    const x = (mark.x - this.view[0]) * unit + (mark.shift?.[0] ?? 0);
    const y = (mark.y - this.view[1]) * unit + (mark.shift?.[1] ?? 0);
    const away = mark.radius * Math.min(1, Math.sqrt(unit)) + 8;
    const { clientWidth: width, clientHeight: height } = this.stage;
    const { offsetWidth: wide, offsetHeight: tall } = this.tip;
    const beside = x + away + wide <= width ? x + away : x - away - wide;
    const fits = beside >= 0 && beside + wide <= width;
    const left = fits ? beside : Math.min(Math.max(x - wide / 2, 4), width - wide - 4);
    const middle = fits ? y - tall / 2 : y > height / 2 ? y - away - tall : y + away;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${Math.min(Math.max(middle, 4), Math.max(4, height - tall - 4))}px`;
  }

  hush() {
    for (const one of this.abreast()) one.quiet();
  }

  quiet() {
    this.told?.link.classList.remove("told");
    this.told = undefined;
    this.tip.hidden = true;
    this.outline.setAttribute("display", "none");
  }

  draw(size) {
    const drawn = `${size.toFixed(2)} ${JSON.stringify(this.data.sizes)}`;
    if (drawn === this.drawn || !this.sizes) return;
    this.drawn = drawn;
    const largest = Math.max(0, ...this.data.sizes.map(([r]) => r)) * size;
    const foot = 2 * largest + 9;
    this.sizes.replaceChildren();
    this.sizes.setAttribute("width", 2 * largest + 80);
    this.sizes.setAttribute("height", foot + 3);
    let above = -Infinity;
    for (const [r, number] of this.data.sizes) {
      const at = Math.max(foot - 2 * r * size, above);
      above = at + 14;
      this.sizes.append(
        element("circle", { class: "size", cx: largest + 2, cy: foot - r * size, r: r * size }),
        element("path", {
          class: "leader",
          d: `M${largest + 2} ${foot - 2 * r * size}L${2 * largest + 10} ${at}`,
        }),
        element("text", { x: 2 * largest + 14, y: at + 4 }, number),
      );
    }
  }

  tell() {
    const { data } = this;
    this.sizes = element("svg", { "aria-hidden": "true" });
    this.drawn = "";
    const keys = html("ul");
    for (const [look, said] of data.keys) {
      const row = html("li");
      const dot = element("svg", { width: 16, height: 16, "aria-hidden": "true" });
      const colour = data.colours[look];
      dot.append(
        element("circle", {
          cx: 8, cy: 8, r: 6, fill: colour, stroke: colour,
          "fill-opacity": look ? 0.16 : 0.5, "stroke-width": look ? 2.6 : 1.5,
        }),
      );
      row.append(dot, html("span", {}, said));
      keys.append(row);
    }
    const zero = [...this.marks.values()].find((mark) => mark.zero);
    if (zero) {
      const row = html("li");
      const dot = element("svg", { width: 16, height: 16, "aria-hidden": "true" });
      dot.append(element("circle", { class: "zero", cx: 8, cy: 8, r: 3, stroke: zero.disc.getAttribute("stroke") }));
      row.append(dot, html("span", {}, this.say("map.zero")));
      keys.append(row);
    }
    const hatched = data.blank ? [[-1, this.say("map.no_figure")]] : [];
    for (const [shade, said] of data.shades ?? hatched) {
      const row = html("li");
      const box = element("svg", { width: 26, height: 16, "aria-hidden": "true" });
      box.append(element("rect", { class: `shade${shade}`, x: 1, y: 1, width: 24, height: 14 }));
      row.append(box, html("span", {}, said));
      keys.append(row);
    }
    this.legend.replaceChildren(...(data.sizes.length ? [this.sizes] : []), keys);
    this.notes.replaceChildren(
      html("p", {}, data.description),
      html("p", { class: "hands" }, this.say("map.keys")),
      html("p", { class: "fingers" }, this.say("map.fingers")),
      html("p", {}, this.say("app.disclaimer")),
    );
    this.list();
  }

  // Exactly what the map shows, from the same values.
  list() {
    const mixed = new Set(this.data.notes.map(([series]) => series)).size > 1;
    const some = this.data.notes.some(([, , , caveats]) => caveats);
    const said = Object.fromEntries(this.data.shadeColumns ?? []);
    const values = this.data.shades ? Object.keys(said) : ["value"];
    const columns = ["place", ...(mixed ? ["group"] : []), ...values, "period", "publisher"];
    if (some) columns.push("caveat");
    const head = html("tr");
    for (const name of columns) {
      const kind = values.includes(name) ? "nz-num" : "";
      head.append(html("th", { scope: "col", class: kind }, said[name] ?? this.say(`column.${name}`)));
    }
    const body = html("tbody");
    for (const mark of this.marks.values()) {
      const [series, when, publisher, caveats] = mark.note;
      const cells = { place: mark.name, group: series, value: mark.number, period: when, publisher };
      cells.caveat = caveats ?? "";
      if (this.data.shades) {
        [cells[values[1]], cells[values[2]]] = mark.both;
        cells[values[0]] = mark.figure
          ? html("span", { "data-derived": this.data.shadeMade }, mark.number) : mark.number;
      }
      const figureOf = { value: mark.figure, [values[1]]: mark.figure, [values[2]]: mark.both[2] };
      const row = html("tr");
      for (const name of columns) {
        const cell = html("td", { "data-label": said[name] ?? this.say(`column.${name}`) });
        if (values.includes(name)) cell.className = "nz-num";
        const to =
          name === "place" ? mark.link.getAttribute("href")
          : figureOf[name] && this.data.provenance
            ? this.data.provenance + encodeURIComponent(figureOf[name]) : null;
        cell.append(to ? html("a", { href: to, target: "_self" }, cells[name]) : cells[name]);
        row.append(cell);
      }
      body.append(row);
    }
    const table = html("table");
    const top = html("thead");
    top.append(head);
    table.append(top, body);
    const wrap = html("div", { class: "nz-wrap" });
    wrap.append(table);
    // A long table waits for a click: nobody scrolls past two hundred rows for what is beneath.
    const short = !this.data.folded && this.marks.size <= 30;
    const open = this.table.open || (this.listed === undefined && short);
    this.listed = true;
    this.table.replaceChildren(html("summary", {}, this.say("map.table")), wrap);
    this.table.open = open;
  }

  // ---- hands

  listen() {
    const { svg, stage } = this;
    document.addEventListener("keydown", this.key);
    this.frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // The keys that move the map scroll the panel, where that is what is read.
      if (event.key !== "Escape" && this.panel.contains(event.target)) return;
      const far = this.view[2] / 8;
      const acts = {
        "+": () => this.nearer(STEP),
        "=": () => this.nearer(STEP),
        "-": () => this.nearer(1 / STEP),
        0: () => this.look(this.whole),
        ArrowLeft: () => this.move(-far, 0),
        ArrowRight: () => this.move(far, 0),
        ArrowUp: () => this.move(0, -far),
        ArrowDown: () => this.move(0, far),
        Escape: () => (this.shut ?? this.hush).call(this),
      };
      if (!(event.key in acts)) return;
      acts[event.key]();
      event.preventDefault();
    });
    svg.addEventListener(
      "wheel",
      (event) => {
        // A map must not catch a reader on the way down: the wheel turns it once it was pressed,
        // as long as there is anything nearer or farther to see.
        const asked = event.ctrlKey || event.metaKey || this.frame.contains(document.activeElement);
        const whole = this.view[2] >= this.atlas.size[0] - 0.01 && event.deltaY > 0;
        const close = this.view[2] <= this.atlas.size[0] / CLOSEST + 0.01 && event.deltaY < 0;
        const ended = (whole || close) && !event.ctrlKey;
        // A turn that ends here does not go on to throw the page away.
        if (!asked || (ended && !(event.timeStamp - this.wheeled < REST))) return;
        event.preventDefault();
        this.wheeled = event.timeStamp;
        if (!ended) this.nearer(Math.exp(-event.deltaY / 300), this.under(event));
      },
      { passive: false },
    );
    svg.addEventListener("dblclick", (event) => this.nearer(STEP, this.under(event)));
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (!this.pointers.size) this.moved = false;
      this.byHand = true;
      this.pressed = `${event.clientX} ${event.clientY}`;
      this.before = this.echoed ? undefined : this.told;
      this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
      if (!event.target.closest("a")) this.hush();
    });
    svg.addEventListener("pointermove", (event) => this.drag(event));
    // One finger that goes up or down is the page's; two are the map's, whichever way they go.
    for (const name of ["touchstart", "touchmove"]) {
      const held = (event) => event.touches.length > 1 && event.cancelable && event.preventDefault();
      svg.addEventListener(name, held, { passive: false });
    }
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      svg.addEventListener(name, (event) => {
        // A finger that came down on a circle is that circle's, until the map takes it over.
        if (name === "lostpointercapture" && event.target !== svg) return;
        this.pointers.delete(event.pointerId);
        if (!this.pointers.size) stage.classList.remove("held");
      });
    }
  }

  under(event) {
    const box = this.svg.getBoundingClientRect();
    const unit = this.unit;
    return [
      this.view[0] + (event.clientX - box.left) / unit,
      this.view[1] + (event.clientY - box.top) / unit,
    ];
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const [right, down] = [now[0] - before[0], now[1] - before[1]];
    // A trembling hand does not drag, nor does a finger that scrolls the page.
    if (!this.moved && Math.hypot(right, down) < 5) return;
    const scrolls = event.pointerType === "touch" && this.pointers.size === 1;
    if (!this.moved && scrolls && Math.abs(down) > Math.abs(right)) return;
    if (!this.moved) {
      this.moved = true;
      this.svg.setPointerCapture(event.pointerId);
      this.stage.classList.add("held");
    }
    this.pointers.set(event.pointerId, now);
    const unit = this.unit;
    if (this.pointers.size === 1) {
      this.move(-right / unit, -down / unit);
      return;
    }
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)[1];
    const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
    const middle = { clientX: (before[0] + other[0]) / 2, clientY: (before[1] + other[1]) / 2 };
    this.nearer(apart(now) / apart(before), this.under(middle), [right / 2, down / 2]);
  }
}
