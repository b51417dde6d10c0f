// How good the model is; that it is out of date, and training again from here.

import { arrange, make } from "../../kit/dom.js";
import { makeHeadline } from "../../kit/headline.js";
import { makeSend } from "../../kit/once.js";
import { makeWork } from "../../kit/panel.js";

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const work = makeWork(() => send({ action: "stop" }));
  const running = make("div", { class: "vd-running" }, work.box);
  const table = makeFigures();
  const again = make("button", { type: "button", class: "main-button", onclick: () => send({ action: "again" }) }, "Train again");
  const words = make("span");
  const stale = make("div", { class: "vd-stale changed", role: "status" });
  const section = make("section", { class: "verdict", "aria-label": "How good it is" });
  let drawn = "";

  function draw() {
    const { value } = props;
    if (!value) return arrange(element, []);
    arrange(element, [section]);
    work.set(value.work);
    const now = JSON.stringify({ ...value, work: Boolean(value.work) });
    if (now !== drawn) arrange(section, parts(value));
    drawn = now;
  }

  function parts(value) {
    const trains = value.work ? [running] : [];
    if (!value.headline) return [...trains, ...(value.work ? [] : [nothingYet(value.lacking)])];
    const change = value.change ? make("p", { class: "vd-change whole" }, make("b", {}, "Since the last model. "), value.change) : null;
    return [...trains, ...(value.stale && !value.work ? [outOfDate(value)] : []), makeHeadline(value.headline, change), ...table.draw(value.figures)];
  }

  function outOfDate({ stale: sentence, lacking, improving }) {
    words.textContent = `${sentence} ${improving ? "It is taking that in just now; you can go on." : lacking || "The figures below are from before."}`;
    arrange(stale, improving || lacking ? [words] : [words, again]);
    return stale;
  }

  function nothingYet(lacking) {
    return make(
      "div",
      { class: "vd-nothing" },
      make("h1", { class: "page-title" }, "Nothing to check yet"),
      make("p", { class: "page-lead" }, lacking || "Train your classifier first; it takes seconds. Then you see here how good it is, and what it gets wrong."),
      make("button", { type: "button", class: "main-button", onclick: () => send({ action: "train" }) }, "Go to training"),
    );
  }

  watch("value", draw);
  draw();
}

const COLUMNS = ["Class", "Right", "Error rate", "Precision", "Recall", "F1"];

/** The figures by class, behind "More figures"; open or closed as it was left. */
function makeFigures() {
  const error = make("p", { class: "vd-error" });
  const body = make("tbody");
  const head = make("thead", {}, make("tr", {}, ...COLUMNS.map((name) => make("th", { scope: "col" }, name))));
  const table = make("table", {}, make("caption", { class: "unseen" }, "Figures by class"), head, body);
  const scrolls = make("div", { class: "vd-scrolls", tabindex: "0", role: "region", "aria-label": "Figures by class" }, table);
  const meaning = make(
    "p",
    { class: "vd-meaning" },
    "Recall: of the photos of a class, how many it recognised. Precision: of the photos it gave that answer, how many were right. F1: both in one figure, from 0 to 1.",
  );
  const box = make("details", { class: "vd-more" }, make("summary", {}, "More figures"), error, scrolls, meaning);
  return {
    draw(figures) {
      if (!figures) return [];
      error.textContent = figures.error;
      const cells = ({ name, ...others }) => [
        make("th", { scope: "row" }, name),
        ...["right", "error", "precision", "recall", "f1"].map((key) => make("td", {}, others[key])),
      ];
      arrange(
        body,
        figures.rows.map((row) => make("tr", {}, ...cells(row))),
      );
      return [box];
    },
  };
}
