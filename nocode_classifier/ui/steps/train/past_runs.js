// Past trainings, with a way back to each, and the switch to improve by itself.

import { arrange, make } from "../../kit/dom.js";
import { makeSend } from "../../kit/once.js";

const SHOWN = 6; // before the others are unfolded

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const rows = new Map(); // what draws each, by id of the run
  let unfolded = false;

  const body = make("tbody");
  const more = make("button", { type: "button", class: "quiet-button unfold", onclick: unfold });
  const table = [
    make("h2", { id: "past-name" }, "Past trainings"),
    make("p", { class: "page-lead small" }, "Every model is kept for a while. You can go back to an earlier one, and forward again."),
    make("table", { class: "runs", "aria-labelledby": "past-name" }, make("thead", {}, makeHead()), body),
  ];
  const toggle = make("button", { type: "button", role: "switch", class: "switch", "aria-labelledby": "improve-name", onclick: improve });
  const about = [
    make("h2", { id: "improve-name" }, "Improve as I go"),
    make("p", { class: "quiet" }, "When you put photos right under Review or Check, it learns the change by itself, in the background. You go on working."),
  ];
  const improving = make("div", { class: "improve" }, make("div", {}, about), toggle);
  const section = make("section", { class: "past" });

  function draw() {
    const { runs, improves } = props.value || { runs: [], improves: null };
    const several = runs.length > 1; // a single one is what the page shows anyway
    const folded = !unfolded && runs.length > SHOWN;
    arrange(body, runs.slice(0, folded ? SHOWN : undefined).map(rowOf));
    more.textContent = `Show all ${runs.length}`;
    toggle.ariaChecked = `${improves}`;
    const parts = [...(several ? table : []), ...(folded ? [more] : []), ...(improves === null ? [] : [improving])];
    arrange(section, parts);
    arrange(element, parts.length ? [section] : []);
  }

  function unfold() {
    unfolded = true;
    draw();
  }

  function improve() {
    send({ action: "improve", on: `${!props.value.improves}` });
  }

  function rowOf(run) {
    if (!rows.has(run.id)) rows.set(run.id, makeRow(run.id));
    return rows.get(run.id)(run);
  }

  /** @returns what draws the row of a run; its button keeps the focus from one drawing to the next. */
  function makeRow(id) {
    const back = make("button", { type: "button", class: "quiet-button", onclick: () => send({ action: "use", run: id }) }, "Use this model");
    const use = make("td", { class: "use" });
    const row = make("tr");
    return (run) => {
      row.classList.toggle("current", run.current);
      back.ariaLabel = `Use this model: ${run.how}, ${run.when}`;
      const inUse = run.current ? [make("span", { class: "in-use" }, "In use")] : [];
      arrange(use, run.model && !run.current ? [back] : inUse);
      arrange(row, [...makeCells(run), use]);
      return row;
    };
  }

  watch("value", draw);
  draw();
}

function makeHead() {
  const columns = ["How", "Right on new photos", "When", make("span", { class: "unseen" }, "Use it")];
  return make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column)));
}

function makeCells({ how, automatic, details, outcome, when, took, ...run }) {
  const tag = automatic && make("span", { class: "tag" }, "by itself");
  return [
    make("th", { scope: "row" }, make("b", {}, how), tag || null, quiet(details), outcome ? quiet(outcome, "outcome") : null),
    make("td", { class: "figures" }, run.right ? makeFigures(run) : quiet("not measured")),
    make("td", { class: "when" }, when, took ? quiet(took) : null),
  ];
}

function makeFigures({ right, between, accuracy, low, high }) {
  const interval = make("i", { style: `left:${100 * low}%;width:${100 * (high - low)}%` });
  const point = make("i", { class: "point", style: `left:${100 * accuracy}%` });
  return [make("b", {}, right), quiet(between), make("span", { class: "range", "aria-hidden": "true" }, interval, point)];
}

function quiet(text, name = "") {
  return make("span", { class: `quiet ${name}`.trim() }, text);
}
