// Draws every chart of the page from the specification beside it, and fits it to the width it has.
(() => {
  const NARROW = 480;
  const ON_PAPER = "650px";
  const ROOM_FOR_A_NUMBER = 46;
  const CONFIG = { displayModeBar: false, responsive: true };

  // Names broken into lines of no more than `longest` letters.
  function broken(name, longest) {
    const lines = [""];
    for (const word of String(name).split(" ")) {
      const last = lines[lines.length - 1];
      if (last && (last + " " + word).length > longest) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines.join("<br>");
  }

  // plotly reads a few HTML tags in its texts: names are words, never markup.
  function escaped(name) {
    return String(name).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  }

  function breakAxis(axis, names, longest) {
    if (!axis || axis.type !== "category") return;
    axis.tickmode = "array";
    axis.tickvals = names;
    // A blank at the end of each line keeps names off the marks.
    axis.ticktext = names.map((name) => broken(escaped(name), longest).replaceAll("<br>", " <br>") + " ");
  }

  function namesOn(spec, letter) {
    const named = spec.layout[`${letter}axis`]?.categoryarray;
    if (named) return named;
    return [...new Set(spec.data.flatMap((trace) => trace[letter] ?? []).filter((name) => name !== null))];
  }

  function escapeTexts(spec) {
    for (const trace of spec.data) {
      if (Array.isArray(trace.text)) trace.text = trace.text.map((t) => (Array.isArray(t) ? t.map(escaped) : escaped(t)));
      if (trace.name) trace.name = escaped(trace.name);
      if (trace.node?.customdata) trace.node.customdata = trace.node.customdata.map(escaped);
      if (trace.link?.customdata) trace.link.customdata = trace.link.customdata.map(escaped);
    }
  }

  function fit(spec, width) {
    const narrow = width < NARROW;
    breakAxis(spec.layout.yaxis, namesOn(spec, "y"), narrow ? 14 : 28);
    const columns = namesOn(spec, "x");
    const room = (width - (narrow ? 90 : 190)) / Math.max(columns.length, 1);
    breakAxis(spec.layout.xaxis, columns, Math.max(8, Math.floor(room / 7)));
    if (narrow) spec.layout.font = { size: 12 };
    growRows(spec, narrow ? 3 : 2);
    if (narrow && spec.layout.xaxis?.range) widen(spec.layout.xaxis);
    if (spec.kind === "stacked_bars") fitParts(spec, width - (narrow ? 100 : 180), narrow ? 7 : 8);
    if (spec.kind === "heatmap") fitCells(spec, room);
    if (spec.kind === "map" && narrow) fitMap(spec);
    if (spec.kind === "sankey") namesBeside(spec, narrow);
    if (spec.kind === "line_range") {
      namesInside(spec);
      if (room < 52) fewerPlaces(spec.layout.xaxis);
    }
  }

  // A cell too small for its number shows its colour alone; the table below has the number.
  function fitCells(spec, room) {
    const axis = spec.layout.xaxis;
    axis.tickangle = room < ROOM_FOR_A_NUMBER ? -90 : 0;
    if (room < ROOM_FOR_A_NUMBER) {
      spec.data[0].texttemplate = "";
      axis.ticktext = axis.tickvals.map((name) => escaped(name.length > 22 ? `${name.slice(0, 21)}…` : name));
    } else if (room < 72) {
      spec.data[0].textfont = { size: 11 };
      axis.tickfont = { size: 11 };
    }
  }

  // Words stand on a part of a bar only where they fit between its ends.
  function fitParts(spec, length, letter) {
    for (const trace of spec.data) {
      trace.text = trace.text.map((said, i) => (trace.customdata[i][1] * length > said.length * letter + 4 ? said : ""));
    }
  }

  // Names of more lines than a row has room for need higher rows, or they run into each other.
  function growRows(spec, most) {
    const names = spec.layout.yaxis?.ticktext;
    if (spec.layout.yaxis?.type !== "category" || !names) return;
    const lines = Math.max(...names.map((name) => name.split("<br>").length));
    if (lines > most) spec.layout.height += names.length * (lines - most) * 15;
  }

  // Words beyond the marks take a larger part of a narrow drawing.
  function widen(axis) {
    const [low, high] = axis.range;
    const more = (high - low) * 0.12;
    axis.range = [low < 0 ? low - more : low, high > 0 ? high + more : high];
  }

  // On a narrow map only the three largest of a kind carry their names.
  function fitMap(spec) {
    spec.layout.height = 360;
    Object.assign(spec.layout.margin, { l: 24, r: 24 });
    for (const trace of spec.data) {
      if (trace.mode !== "markers+text") continue;
      const third = [...trace.marker.size].sort((a, b) => b - a)[2] ?? 0;
      trace.text = trace.text.map((said, i) => (trace.marker.size[i] >= third ? said : ""));
      trace.marker.size = trace.marker.size.map((size) => size * 0.7);
    }
  }

  // Names stand beside a Sankey's nodes, with their amounts where there is room.
  function namesBeside(spec, narrow) {
    const { node } = spec.data[0];
    node.label = node.label.map(() => "");
    for (const words of spec.layout.annotations) {
      words.text = broken(escaped(narrow ? words.text : `${words.text}, ${words.hovertext}`), narrow ? 13 : 25);
    }
    if (!narrow) return;
    Object.assign(spec.layout.margin, { l: 90, r: 90, t: 24, b: 24 });
    spec.layout.font = { size: 11 };
    // Names of two lines need more room between the nodes; all lengths grow alike, so that they stay beside theirs.
    node.pad *= 1.35;
    spec.layout.height = spec.layout.height * 1.35 + 16;
  }

  // Every second place of a crowded axis is named, the last always.
  function fewerPlaces(axis) {
    const kept = (_, i, all) => (all.length - 1 - i) % 2 === 0;
    axis.tickvals = axis.tickvals.filter(kept);
    axis.ticktext = axis.ticktext.filter(kept);
  }

  // The words at a line's end stand to the left of it, so that none is cut off.
  function namesInside(spec) {
    for (const trace of spec.data) if (trace.mode?.includes("text")) trace.textposition = "top left";
  }

  // What a mark leads to: its trace has an address for each, a heatmap one for each cell.
  function addressOf(place, mark) {
    const isNode = place.data[0].type === "sankey" && mark.source === undefined;
    const addresses = place.data[mark.curveNumber ?? 0]?.meta;
    if (isNode || !addresses) return "";
    return Array.isArray(mark.pointNumber) ? addresses[mark.pointNumber[0]][mark.pointNumber[1]] : addresses[mark.pointNumber];
  }

  function leadOn(place) {
    if (!place.data.some((trace) => trace.meta)) return;
    place.classList.add("app-chart--leads-on");
    place.on("plotly_click", ({ points }) => {
      const address = addressOf(place, points[0]);
      if (address) window.location.assign(address);
    });
  }

  // Every dot of a map is a stop of the keyboard: it says what it is, shows what a mouse would see, and leads where it leads.
  function makeReachable(place) {
    place.data.forEach((trace, curveNumber) => {
      if (trace.mode !== "markers+text") return;
      const drawn = place.querySelector(`.scatterlayer .trace${place._fullData[curveNumber].uid}`);
      (drawn?.querySelectorAll("path.point") ?? []).forEach((point, pointNumber) => {
        const address = trace.meta?.[pointNumber];
        point.setAttribute("tabindex", "0");
        point.setAttribute("role", address ? "link" : "img");
        point.setAttribute("aria-label", trace.customdata[pointNumber]);
        point.addEventListener("focus", () => window.Plotly.Fx.hover(place, [{ curveNumber, pointNumber }]));
        point.addEventListener("blur", () => window.Plotly.Fx.unhover(place));
        point.addEventListener("keydown", (event) => {
          if (event.key === "Enter" && address) window.location.assign(address);
        });
      });
    });
  }

  function draw(place) {
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    escapeTexts(spec);
    fit(spec, place.clientWidth);
    // Where the window changes, plotly takes the height of the place anew.
    place.style.height = `${spec.layout.height}px`;
    window.Plotly.newPlot(place, spec.data, spec.layout, CONFIG).then(() => {
      if (spec.kind === "map") makeReachable(place);
      leadOn(place);
    });
  }

  const places = [...document.querySelectorAll("[data-chart]")];
  places.forEach(draw);

  let drawnAt = window.innerWidth;
  window.addEventListener("resize", () => {
    if (drawnAt < 640 === window.innerWidth < 640) return;
    drawnAt = window.innerWidth;
    places.forEach(draw);
  });

  // On paper a drawing has the width of the page, which no one can ask for before it is printed.
  function drawFor(width) {
    for (const place of places) {
      place.style.width = width;
      draw(place);
    }
  }
  window.addEventListener("beforeprint", () => drawFor(ON_PAPER));
  window.addEventListener("afterprint", () => drawFor(""));
})();
