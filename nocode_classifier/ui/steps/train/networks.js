// The networks there are to start from: what each is, how large, and how fast on this computer.

import { make } from "../../kit/dom.js";
import { makeWork } from "../../kit/panel.js";

/** @param choose called with a key; @param measure likewise; @param stop ends the measuring. */
export function makeNetworks({ choose, measure, stop }) {
  const list = make("div", { class: "tc-networks", role: "radiogroup", "aria-label": "Network" });
  const work = makeWork(stop);
  let drawn = null;

  function draw(value, chosen) {
    const { networks, measuring, busy } = value;
    const now = JSON.stringify([networks, measuring?.key, busy, chosen]);
    if (now !== drawn) {
      drawn = now;
      const focused = list.contains(document.activeElement) && document.activeElement.tagName;
      const rows = networks.map((network) => row(network, network.key === chosen, value));
      const first = networks.findIndex(({ course }) => course);
      rows.splice(first, 0, make("p", { class: "tc-heading" }, "As in the fastai course"));
      list.replaceChildren(...rows);
      if (focused) list.querySelector(focused === "INPUT" ? "input:checked" : "button")?.focus({ preventScroll: true });
    }
    work.set(measuring);
  }

  function row(network, on, { measuring, busy }) {
    const { key, label, about, licence, how_good, download, ms, megabytes } = network;
    const more = on
      ? make(
          "div",
          { class: "tc-more" },
          make("p", { class: "sp-quiet" }, [`${how_good}.`, `Licence: ${licence}.`, download].filter(Boolean).join(" ")),
          ms === undefined
            ? null
            : measuring?.key === key
              ? work.box
              : make(
                  "button",
                  { type: "button", class: "tc-small", disabled: Boolean(busy), onclick: () => measure(key) },
                  ms ? "Measure again" : "Measure on this computer",
                ),
        )
      : null;
    return make(
      "div",
      { class: on ? "tc-network tc-on" : "tc-network" },
      make(
        "label",
        {},
        make("input", { type: "radio", name: "tc-network", value: key, checked: on, onchange: () => choose(key) }),
        make("span", { class: "tc-words" }, make("b", {}, label), make("small", {}, about)),
        make("span", { class: "tc-figures" }, make("span", {}, ms === undefined ? "" : speed(ms)), make("span", {}, size(megabytes))),
      ),
      more,
    );
  }

  const speed = (ms) => (ms ? `${ms < 9.5 ? ms.toFixed(1) : Math.round(ms)} ms a photo` : "not measured");
  const size = (megabytes) => (megabytes ? `${megabytes < 9.5 ? megabytes.toFixed(1) : Math.round(megabytes)} MB` : "");
  return { list, draw };
}
