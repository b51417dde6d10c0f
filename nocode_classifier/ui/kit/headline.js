// How good a model is, at a glance: the figure with its interval, a verdict and what it means.

import { arrange, make } from "./dom.js";

/** @param value as `headline_value` makes it. @param more nodes that go below. */
export function makeHeadline({ title, figure, sentences }, ...more) {
  const meaning = make("div", { class: "meaning" }, make("h1", { class: "page-title" }, title), ...sentences.map((text) => make("p", {}, text)));
  const box = make("div", { class: "headline" });
  arrange(box, [...(figure ? [makeFigure(figure)] : []), meaning, ...more.filter(Boolean)]);
  box.classList.toggle("unmeasured", !figure);
  return box;
}

function makeFigure({ number, what, between, value, low, high }) {
  const place = (share) => `left:${(100 * share).toFixed(1)}%`;
  return make(
    "div",
    { class: "figure" },
    make("p", { class: "big-number" }, make("span", { class: "accuracy" }, number), ` ${what}`),
    make(
      "div",
      { class: "interval", role: "img", "aria-label": between },
      make("span", { class: "range", style: `${place(low)};width:${(100 * (high - low)).toFixed(1)}%` }),
      make("span", { class: "point", style: place(value) }),
    ),
    make("p", { class: "ends", "aria-hidden": "true" }, ...["0%", between, "100%"].map((text) => make("span", {}, text))),
  );
}
