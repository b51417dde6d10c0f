// A search while it runs, class by class, and what became of it.
// Events: 'stop', 'dismiss', 'widen' (an offer was taken).

import { counted, make, paint, write } from "../../../kit/dom.js";
import { makeArrivals } from "./arrivals.js";

export function start({ element, trigger, props, watch }) {
  let value = null;
  const open = new Set(); // classes whose reasons are unfolded

  const spinner = make("span", { class: "hu-spinner", "aria-hidden": "true" });
  const sign = make("span", { class: "ph-sign", "aria-hidden": "true" });
  const title = make("h3", { class: "hu-title", role: "status" });
  const stop = make(
    "button",
    {
      type: "button",
      onclick: () => {
        stop.disabled = true;
        trigger("stop", {});
      },
    },
    "Stop",
  );
  const close = make(
    "button",
    { type: "button", class: "ph-quiet", "aria-label": "Put this message away", onclick: () => trigger("dismiss", { id: value.id }) },
    "✕",
  );
  const notes = make("div", { class: "hu-notes" });
  const offers = make("div", { class: "hu-offers" });
  const rows = make("ul", { class: "hu-rows", "aria-label": "Found for each class" });
  const { wall, draw: drawArrivals } = makeArrivals();
  const foot = make("p", { class: "hu-foot" }, "You can leave this page, it goes on. Stop keeps what came.");
  const panel = make(
    "section",
    { class: "search-view", "aria-label": "Photos from the web", hidden: true },
    make("div", { class: "hu-head" }, spinner, sign, title, stop, close),
    notes,
    rows,
    offers,
    wall,
    foot,
  );
  element.replaceChildren(panel);

  function draw() {
    value = props.value;
    panel.hidden = !value;
    if (!value) return;
    const { running, stopping, outcome } = value;
    panel.className = `search-view search-${value.kind} ${running ? "search-now" : `ph-${outcome.tone}`}`;
    spinner.hidden = stop.hidden = foot.hidden = !running;
    sign.hidden = close.hidden = running;
    sign.textContent = outcome ? { good: "✓", warn: "!", calm: "■" }[outcome.tone] : "";
    write(title, running ? `${stopping ? "Stopping, what came stays" : value.stage}…` : outcome.sentence);
    stop.disabled = stopping;
    drawNotes(outcome?.notes ?? []);
    drawOffers(outcome);
    drawRows();
    drawArrivals(value.newest, value.project_id, value.id);
  }

  /** What did not answer: one is said, of several the number, and why when someone asks. */
  function drawNotes(list) {
    notes.hidden = !list.length;
    if (notes.dataset.key === JSON.stringify(list)) return;
    notes.dataset.key = JSON.stringify(list);
    const all = list.map((sentence) => make("p", {}, sentence));
    notes.replaceChildren(
      ...(all.length < 2 ? all : [make("details", {}, make("summary", {}, `${list.length} places did not answer as they should. Why?`), ...all)]),
    );
  }

  function drawOffers(outcome) {
    const plus =
      (kind, name) =>
      ({ key, label }) =>
        make(
          "button",
          {
            type: "button",
            class: "hu-plus",
            onclick: () => {
              for (const one of offers.querySelectorAll("button")) one.disabled = true;
              trigger("widen", { class_id: outcome.of, kind, key });
            },
          },
          name(label),
        );
    const own = make(
      "button",
      { type: "button", class: "hu-plus", onclick: () => document.dispatchEvent(new CustomEvent("choose-way", { detail: "files" })) },
      "Photos of your own",
    );
    const list = outcome && [
      ...outcome.words.map(plus("words", (label) => `+ ${label}`)),
      ...outcome.places.map(plus("place", (label) => `+ ${label}`)),
      ...(outcome.own ? [own] : []),
    ];
    offers.hidden = !list?.length;
    offers.replaceChildren(...(list?.length ? [make("span", { class: "hu-quiet" }, "To get more"), ...list] : []));
  }

  function drawRows() {
    const known = new Map([...rows.children].map((row) => [row.dataset.key, row]));
    const nodes = value.rows.map((row) => {
      const key = JSON.stringify([row, value.running]);
      return known.get(key) ?? makeRow(row, key);
    });
    if (nodes.length !== rows.children.length || nodes.some((node, at) => node !== rows.children[at])) rows.replaceChildren(...nodes);
    rows.hidden = !nodes.length;
  }

  function makeRow({ label, there, wanted, found, kept, left_out, reasons }, key) {
    const share = Math.min(1, wanted ? there / wanted : found ? (kept + (value.running ? left_out : 0)) / found : 0);
    const bar = make("progress", { max: "1", value: String(share), "aria-label": `Photos of ${label.name}` });
    return paint(
      make(
        "li",
        { class: "hu-row", "data-key": key },
        make("span", { class: "ph-chip" }, make("span", { class: "ph-name" }, label.name)),
        bar,
        make("span", { class: "hu-count" }, make("b", {}, there.toLocaleString("en")), wanted ? ` of ${wanted.toLocaleString("en")}` : " added"),
        tally({ label, wanted, found, kept, left_out, reasons }),
      ),
      label,
    );
  }

  function tally({ label, wanted, found, kept, left_out, reasons }) {
    const number = (count, words) => make("span", {}, `${count.toLocaleString("en")} ${words}`);
    if (!found) return make("div", { class: "hu-tally" }, number(0, "found so far"));
    const parts = wanted ? [number(found, "found"), number(kept, "kept")] : [make("span", {}, counted(found, "link"))];
    if (!left_out) return make("div", { class: "hu-tally" }, parts);
    return make(
      "div",
      { class: "hu-tally" },
      parts,
      make(
        "details",
        {
          open: open.has(label.id),
          ontoggle: (event) => (event.target.open ? open.add(label.id) : open.delete(label.id)),
        },
        make("summary", {}, `${left_out.toLocaleString("en")} left out`),
        make(
          "ul",
          {},
          reasons.map(({ count, words }) => make("li", {}, make("b", {}, count.toLocaleString("en")), ` ${words}`)),
        ),
      ),
    );
  }

  watch("value", draw);
  draw();
}
