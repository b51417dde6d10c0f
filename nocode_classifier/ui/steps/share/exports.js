// Files to take along: one is recommended, the others stand below as cards.
// Events: 'export', 'stop'.

import { make, write } from "../../kit/dom.js";
import { makeWork, megabytes } from "../../kit/panel.js";

const ICONS = {
  page: '<rect x="3" y="4" width="18" height="16" rx="3"/><path d="M3 9h18"/><path d="m10 12 5 2.5-5 2.500z"/>',
  report: '<path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9.500 17v-3M12.500 17v-6M15.500 17v-4"/>',
  model: '<path d="m12 3 8 4.500v9L12 21l-8-4.500v-9z"/><path d="m4 7.500 8 4.500 8-4.500M12 12v9"/>',
  onnx: '<path d="m8 8-4 4 4 4M16 8l4 4-4 4M13.500 6l-3 12"/>',
  space: '<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/>',
  server: '<rect x="4" y="4" width="16" height="7" rx="2"/><rect x="4" y="13" width="16" height="7" rx="2"/><path d="M8 7.500h.01M8 16.500h.01"/>',
  dataset: '<rect x="3" y="6" width="14" height="14" rx="2"/><path d="M7 3h12a2 2 0 0 1 2 2v12M4 17l4-4 3 3 2-2 4 4"/>',
  project: '<path d="M3 7.500a2 2 0 0 1 2-2h4.200l2 2.300H19a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2.500"/><path d="M11 18h2"/>',
  course: '<path d="M2.500 9 12 5l9.500 4-9.500 4z"/><path d="M6.500 11v4.500c3 2.300 8 2.300 11 0V11"/>',
};
const ICON_OF = { fastai: "course", coreml: "phone", litert: "phone" };

export function start({ element, trigger, props, watch }) {
  let value = null;
  let weights = null; // what was chosen for the page and not exported yet: more bits or fewer

  const busy = make("p", { class: "sp-note", role: "status" });
  const report = make("a", { class: "ex-report", target: "_blank" }, "Report of how good it is");
  const first = make("section", { class: "ex-first" });
  const rest = make("ul", { class: "ex-list", "aria-label": "Other ways to take it along" });
  const panel = make(
    "section",
    { class: "sp-panel", "aria-label": "Take it with you", hidden: true },
    make(
      "div",
      { class: "ex-head" },
      make("h2", { class: "sp-title" }, "Take it with you"),
      make(
        "p",
        { class: "sp-lead" },
        "Each one but the report is opened again and asked about 20 of your photos before you get it. You see whether it answers as it does here.",
      ),
      report,
    ),
    busy,
    first,
    rest,
  );
  element.replaceChildren(panel);

  function draw() {
    value = props.value;
    panel.hidden = !value;
    if (!value) return;
    report.href = value.report;
    write(busy, value.busy || "");
    busy.hidden = !value.busy || value.items.some(({ work }) => work);
    const page = value.items.find(isFirst);
    first.hidden = !page;
    if (page) update(first, page, () => makeFirst(page), weights);
    const others = value.items.filter((item) => !isFirst(item));
    const known = new Map([...rest.children].map((row) => [row.dataset.key, row]));
    const rows = others.map((item) => update(known.get(item.key) || make("li", { class: "ex-card", "data-key": item.key }), item, () => makeCard(item)));
    if (rows.some((row, at) => row !== rest.children[at])) rest.replaceChildren(...rows);
  }

  const isFirst = ({ key }) => key === "page";

  /** Draw an item anew when anything but its progress is different; where the focus was, it stays. */
  function update(node, item, parts, more = "") {
    const key = JSON.stringify([{ ...item, work: Boolean(item.work) }, Boolean(value.busy), more]);
    if (node.dataset.drawn !== key) {
      const focused = node.contains(document.activeElement) && document.activeElement.tagName;
      node.dataset.drawn = key;
      node.classList.toggle("ex-made", Boolean(item.made) && !item.work);
      node.replaceChildren(...parts().filter(Boolean));
      if (focused) node.querySelector(focused === "INPUT" ? "input:checked" : "button:not(:disabled), a")?.focus({ preventScroll: true });
    }
    node.work?.set(item.work);
    return node;
  }

  function icon(key) {
    const box = make("span", { class: "ex-icon", "aria-hidden": "true" });
    box.innerHTML = `<svg viewBox="0 0 24 24">${ICONS[ICON_OF[key] || key.split("-")[0]] || ICONS.model}</svg>`;
    return box;
  }

  function makeFirst(item) {
    const now = choiceOf(item);
    const choice = make(
      "div",
      { class: "ex-weights", role: "radiogroup", "aria-label": "How large" },
      item.choices.map(({ key, label, about, bytes }) =>
        make(
          "label",
          { class: "ex-weight", title: about },
          make("input", {
            type: "radio",
            name: "ex-weights",
            value: key,
            checked: key === now?.key,
            disabled: Boolean(value.busy),
            onchange: () => {
              weights = key;
              draw();
            },
          }),
          make("span", {}, make("b", {}, label), ` ${megabytes(bytes)}`),
        ),
      ),
    );
    return [
      icon("page"),
      make(
        "div",
        { class: "ex-text" },
        make("p", { class: "ex-tag" }, "Recommended"),
        make("h3", {}, item.label),
        make("p", { class: "ex-about" }, item.about),
        item.work ? null : choice,
        item.work || !now ? null : make("p", { class: "sp-quiet" }, now.about),
        ...state(item, first, true),
      ),
    ];
  }

  /** Which of its choices is chosen: here, or when it was exported, or else the first. */
  function choiceOf({ choices, made }) {
    return choices.find(({ key }) => key === weights) || choices.find(({ key }) => key === made?.choice) || choices[0];
  }

  function makeCard(item) {
    const node = rest.querySelector(`[data-key="${item.key}"]`);
    return [
      icon(item.key),
      make(
        "div",
        { class: "ex-text" },
        make("h3", {}, item.label),
        make("p", { class: "ex-about" }, item.about),
        item.missing ? make("p", { class: "ex-missing" }, item.missing) : null,
        ...state(item, node, false),
      ),
    ];
  }

  /** What became of it, and what can be done: export, stop, download, export again. */
  function state(item, node, strong) {
    const { made, problem } = item;
    const work = makeWork(() => trigger("stop", {}));
    if (node) node.work = work;
    else
      queueMicrotask(() => {
        // a card that is being made for the first time
        const late = rest.querySelector(`[data-key="${item.key}"]`);
        if (late) {
          late.work = work;
          work.set(item.work);
        }
      });
    work.set(item.work);
    if (item.work) return [work.box];
    const go = (words, kind, name = `${words} ${item.label}`) =>
      make(
        "button",
        {
          type: "button",
          class: kind,
          disabled: Boolean(value.busy),
          "aria-label": name,
          onclick: (event) => {
            event.currentTarget.disabled = true;
            trigger("export", { key: item.key, choice: choiceOf(item)?.key });
          },
        },
        words,
      );
    const failed = problem ? make("p", { class: "sp-problem", role: "alert" }, problem) : null;
    if (item.missing) return [failed];
    if (!made) return [failed, make("div", { class: "sp-go" }, go("Export", strong ? "sp-main" : "ex-go"))];
    const anew = made.outdated || (item.choices.length && choiceOf(item).key !== made.choice);
    const proof = made.proof ? made.proof[0].toUpperCase() + made.proof.slice(1) : "Not asked here";
    return [
      failed,
      make("p", { class: made.proof ? "ex-proof" : "ex-proof ex-unproven" }, proof),
      made.note ? make("p", { class: "sp-quiet" }, made.note) : null,
      made.outdated ? make("p", { class: "ex-old" }, "Made before your last change.") : null,
      make(
        "div",
        { class: "sp-go" },
        make(
          "a",
          { class: strong && !anew ? "ex-download ex-strong" : "ex-download", href: made.address, download: made.file, "aria-label": `Download ${item.label}` },
          "Download",
          make("span", { class: "ex-size" }, megabytes(made.bytes)),
        ),
        go(anew ? "Export anew" : "Again", !anew ? "sp-plain" : strong ? "sp-main" : "ex-go", `Export ${item.label} again`),
      ),
    ];
  }

  watch("value", draw);
  draw();
}
