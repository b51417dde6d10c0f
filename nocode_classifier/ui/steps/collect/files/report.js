// What became of the photos that were brought in: Python's report, or a complaint of the page's own.

import { counted, make } from "../../../kit/dom.js";

/** @param dismissed called when Python's report was put away. */
export function makeReport({ dismissed }) {
  const box = make("div", { class: "ph-report", role: "status", hidden: true });
  let project = null;

  function draw(value) {
    const kept = box.dataset.own && !value.report && box.dataset.project === value.project_id;
    project = value.project_id;
    if (!kept) show(value.report);
  }

  function complain(sentence, tone = "warn") {
    show({ sentence, refusals: [], tone, own: true });
  }

  function show(what) {
    const key = JSON.stringify(what);
    if (box.dataset.key === key) return; // keeps an opened list open
    box.dataset.key = key;
    box.dataset.project = project;
    box.hidden = !what;
    if (!what) return box.replaceChildren();
    if (what.own) box.dataset.own = "1";
    else delete box.dataset.own;
    box.className = `ph-report ph-${what.tone}`;
    const list = what.refusals.map(({ name, reason }) => make("li", {}, make("b", {}, name), make("span", {}, reason)));
    const more = what.more ? [make("li", {}, `and ${what.more.toLocaleString("en")} more`)] : [];
    box.replaceChildren(
      make(
        "div",
        { class: "ph-line" },
        make("span", { class: "ph-sign", "aria-hidden": "true" }, { good: "✓", warn: "!", calm: "–" }[what.tone]),
        make("p", {}, what.sentence),
        make("button", { type: "button", class: "ph-quiet", "aria-label": "Dismiss this report", onclick: dismiss }, "✕"),
      ),
      ...(list.length
        ? [make("details", {}, make("summary", {}, `Not added: ${counted(list.length + (what.more || 0), "file")}, and why`), make("ul", {}, list, more))]
        : []),
    );
  }

  function dismiss() {
    const own = box.dataset.own;
    delete box.dataset.own;
    show(null);
    if (!own) dismissed();
  }

  return { box, draw, complain };
}
