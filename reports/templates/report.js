"use strict";
// Comfort only: without this script everything can still be read. Text from the run is set as text, never as markup.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, set = {}) => Object.assign(document.createElement(name), set);
  document.documentElement.classList.add("js");

  // ---------------------------------------------------------------------------------------- copying

  const copied = make("p", { className: "vh", role: "status" });
  document.body.append(copied);

  const select = (element) => {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copies);
    const words = source.innerText.trim();
    const done = navigator.clipboard
      ? await navigator.clipboard.writeText(words).then(() => true, () => select(source))
      : select(source);
    button.textContent = done ? "Copied" : "Selected: press Ctrl+C";
    copied.textContent = done ? "Copied to the clipboard" : "The text is selected";
    setTimeout(() => (button.textContent = "Copy"), 2500);
  };

  all("button.copy").forEach((button) => button.addEventListener("click", () => copy(button)));

  // ---------------------------------------------------------------------------------------- wiping one picture over another

  const captionOf = (figure) => figure.querySelector("figcaption b").textContent.replace(/^\d+\. /, "");

  const wipe = (compare, index) => {
    const frames = all(".frame", compare).filter((figure) => figure.querySelector("img"));
    if (frames.length < 2) return;
    const under = frames[0], over = frames[Math.min(frames.length, 3) - 1];
    const fieldset = compare.querySelector("fieldset");
    const name = fieldset.querySelector("input").name;
    const label = make("label");
    label.append(make("input", { type: "radio", name, className: "pick-wipe" }), " wipe");
    fieldset.append(label);
    const box = make("div", { className: "wipe" });
    const pictures = [under, over].map((figure) => make("img", { src: figure.querySelector("img").src, alt: "" }));
    const range = make("input", { type: "range", min: 0, max: 100, value: 50, id: `wipe-${index}` });
    const title = make("label", { htmlFor: range.id, textContent: `Left: ${captionOf(under)}. Right: ${captionOf(over)}.` });
    const move = () => {
      pictures[1].style.setProperty("clip-path", `inset(0 0 0 ${range.value}%)`);
      range.setAttribute("aria-valuetext", `${range.value} % ${captionOf(under)}`);
    };
    const stack = make("div", { className: "stack" });
    stack.append(...pictures);
    box.append(stack, title, range);
    compare.append(box);
    range.addEventListener("input", move);
    move();
  };

  all("[data-compare]").forEach(wipe);

  // ---------------------------------------------------------------------------------------- one picture at a time

  const viewer = document.getElementById("viewer");
  const links = all("a.open");
  let shown = 0;

  const show = (index) => {
    shown = (index + links.length) % links.length;
    const link = links[shown], cell = link.closest("td"), picture = link.querySelector("img");
    const [title, image] = ["viewer-title", "viewer-picture"].map((id) => document.getElementById(id));
    title.textContent = picture.alt;
    image.src = picture.src;
    image.alt = picture.alt;
    document.getElementById("viewer-under").textContent = cell.querySelector(".under").innerText;
    const file = document.getElementById("viewer-file");
    file.setAttribute("href", link.getAttribute("href"));
    file.hidden = link.getAttribute("href").startsWith("#");
    if (cell.id) history.replaceState(null, "", `#${cell.id}`);
  };

  const rowwards = (step) => {
    const cell = links[shown].closest("td"), rows = all("#images .shots tbody tr");
    const place = rows.indexOf(cell.parentElement) + step;
    const link = rows[place]?.cells[cell.cellIndex]?.querySelector("a.open");
    if (link) show(links.indexOf(link));
  };

  const keys = {
    ArrowLeft: () => show(shown - 1),
    ArrowRight: () => show(shown + 1),
    ArrowUp: () => rowwards(-1),
    ArrowDown: () => rowwards(1),
  };

  if (viewer) {
    links.forEach((link, index) =>
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        show(index);
        viewer.showModal();
      }));
    viewer.addEventListener("keydown", (event) => {
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    viewer.addEventListener("close", () => links[shown].focus());
    all("[data-go]", viewer).forEach((button) => button.addEventListener("click", () => show(shown + Number(button.dataset.go))));
    viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
  }

  // ---------------------------------------------------------------------------------------- plots for pointing at

  const packed = document.getElementById("plotting");
  const specs = JSON.parse(document.getElementById("plots")?.textContent ?? "{}");
  let library = null;

  const unpack = async () => {
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    document.head.append(make("script", { textContent: await new Response(stream).text() }));
  };

  // A custom property is read as it was written, light-dark() and all; the colour of an element is resolved.
  const probe = document.body.appendChild(make("span", { hidden: true }));
  const tone = (name) => {
    probe.style.setProperty("color", `var(--${name})`);
    return getComputedStyle(probe).color;
  };
  const mode = matchMedia("(prefers-color-scheme: dark)");

  const trace = (one) => {
    const colour = tone(one.tone);
    const reach = one.interval && {
      [`error_${one.interval.axis}`]: {
        type: "data", symmetric: false, array: one.interval.more, arrayminus: one.interval.less, color: colour, thickness: 2,
      },
    };
    const look = one.tone === "faint" ? { size: 6, opacity: 0.75 } : { size: 10 };
    return {
      ...(one.mode === "bars" ? { type: "bar", orientation: "h" } : { type: "scatter", mode: one.mode }),
      name: one.name, x: one.x, y: one.y, text: one.text,
      showlegend: one.tone !== "faint" || !!one.text,
      ...(one.panel && { xaxis: `x${one.panel}`, yaxis: `y${one.panel}`, showlegend: false }),
      marker: { color: colour, ...look }, line: { color: colour, width: one.tone === "faint" ? 1 : 2.5 }, ...reach,
    };
  };

  // Small multiples: each panel has axes of its own, alike in all of them.
  const panels = (spec, axis, wide) => {
    const name = (index) => (index ? index + 1 : "");
    const columns = Math.min(spec.panels.length, wide ? 4 : 1), rows = Math.ceil(spec.panels.length / columns);
    const numbered = spec.panels.flatMap((_, index) => [
      [`xaxis${name(index)}`, { ...axis(index >= spec.panels.length - columns ? spec.x : ""), range: [0, spec.span] }],
      [`yaxis${name(index)}`, { ...axis(index % columns ? "" : spec.y), range: [0, 1.1] }],
    ]);
    const annotations = spec.panels.map((text, index) => ({
      text, showarrow: false, font: { size: 12 }, x: 0, y: 1.02, xanchor: "left", yanchor: "bottom",
      xref: `x${name(index)} domain`, yref: `y${name(index)} domain`,
    }));
    const grid = { rows, columns, pattern: "independent", ygap: 0.35 };
    return { ...Object.fromEntries(numbered), annotations, grid, height: 60 + 210 * rows, margin: { l: 60, r: 20, t: 30, b: 50 } };
  };

  const layout = (spec, wide) => {
    const text = tone("text"), grid = tone("edge");
    const axis = (title) => ({ title: { text: title }, gridcolor: grid, zerolinecolor: text, automargin: true });
    const ticks = spec.ticks && { tickvals: spec.ticks.at, ticktext: spec.ticks.words };
    const line = ({ axis: along, at, panel }) => ({
      type: "line", line: { color: tone("open"), dash: "dash", width: 2 },
      ...(panel ? { x0: at, x1: at, xref: `x${panel}`, yref: `y${panel} domain`, y0: 0, y1: 1 }
        : along === "x" ? { x0: at, x1: at, yref: "paper", y0: 0, y1: 1 } : { y0: at, y1: at, xref: "paper", x0: 0, x1: 1 }),
    });
    return {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: text, size: 13 },
      height: spec.rows ? 120 + 34 * spec.rows : 320, margin: { l: 60, r: 20, t: 10, b: 50 },
      xaxis: { ...axis(spec.x), ...ticks }, yaxis: axis(spec.y), shapes: spec.needed.map(line),
      legend: { orientation: "h", y: 1.02, yanchor: "bottom" }, hoverlabel: { font: { color: text }, bgcolor: tone("page") },
      ...(spec.panels && panels(spec, axis, wide)),
    };
  };

  const draw = async (details) => {
    if (!details.open) return;
    library ??= unpack();
    await library;
    const spec = specs[details.dataset.plot];
    const plot = details.querySelector(".plot");
    await Plotly.react(plot, spec.traces.map(trace), layout(spec, plot.clientWidth > 800), { displayModeBar: false, responsive: true });
    details.dataset.drawn = "yes";
  };

  if (packed && "DecompressionStream" in window) {
    const plots = all("details.interactive");
    plots.forEach((details) => {
      details.hidden = false;
      details.addEventListener("toggle", () => draw(details));
    });
    mode.addEventListener("change", () => plots.forEach(draw));
  }
})();
