// One cursor for all charts of a group: by pointer, by finger or by the arrow keys.
import { fresh } from "./dom.js";

const WEEK = 7;

/** Where a key moves the cursor among so many points; null where it moves nothing. -1: none yet. */
export function movedBy(key, index, count) {
  const last = count - 1;
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: WEEK, PageDown: -WEEK };
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (!(key in steps)) return null;
  // The last day is the one people look at: without a cursor every key begins there.
  return index < 0 ? last : Math.min(Math.max(index + steps[key], 0), last);
}

/** The point under a place of a chart, told as a fraction of its width. */
export function pointAt(fraction, count) {
  return Math.min(Math.max(Math.floor(fraction * count), 0), count - 1);
}

function read(svg) {
  const points = [...svg.querySelectorAll("[data-point]")];
  const texts = points.map((point) => {
    const title = point.querySelector("title");
    title.remove(); // the words stand beside the chart: a browser's own bubble would say them twice
    return title.textContent;
  });
  const said = svg.closest("section").querySelector("[data-said]");
  return { svg, points, texts, said, usual: said.textContent, index: -1 };
}

function show(chart, index) {
  chart.points[chart.index]?.removeAttribute("data-cursor");
  chart.index = index;
  chart.points[index]?.setAttribute("data-cursor", "");
  chart.said.textContent = index < 0 ? chart.usual : chart.texts[index];
  chart.svg.setAttribute("aria-valuenow", index < 0 ? chart.texts.length : index + 1);
  chart.svg.setAttribute("aria-valuetext", index < 0 ? chart.usual || "No day chosen" : chart.texts[index]);
}

function enhance(group) {
  const charts = [...group.querySelectorAll("[data-chart]")].map(read);
  const showAll = (index) => {
    for (const chart of charts) show(chart, index);
  };
  for (const chart of charts) {
    const { svg, texts } = chart;
    svg.setAttribute("role", "slider");
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("aria-valuemin", "1");
    svg.setAttribute("aria-valuemax", texts.length);
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      showAll(pointAt((event.clientX - box.left) / box.width, texts.length));
    };
    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerdown", point); // a finger that taps does not move
    svg.addEventListener("pointerleave", () => {
      if (document.activeElement !== svg) showAll(-1);
    });
    svg.addEventListener("blur", () => showAll(-1));
    svg.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const next = event.key === "Escape" ? -1 : movedBy(event.key, chart.index, texts.length);
      if (next === null) return;
      event.preventDefault();
      showAll(next);
    });
  }
  showAll(-1);
}

export function enhanceCharts(root) {
  fresh(root, "[data-charts]", "Charts").forEach(enhance);
}
