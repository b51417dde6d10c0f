// How photos are varied while it learns, with samples made of one's own photos.

import { make } from "../../kit/dom.js";
import { makeWork } from "../../kit/panel.js";

const SLIDERS = [
  { key: "turn", name: "Turn", most: 45, step: 1, words: (value) => (value ? `up to ${value}°` : "not at all") },
  { key: "zoom", name: "Cut away at the edges", most: 0.4, step: 0.01, words: (value) => (value ? `up to ${Math.round(100 * value)}%` : "nothing") },
  { key: "light", name: "Lighter and darker", most: 0.5, step: 0.01, words: (value) => (value ? `up to ${Math.round(100 * value)}%` : "as it is") },
];

/** @param change called with the variations, or with null when the app shall choose;
 *  @param propose asks the app what it would choose; @param stop ends that. */
export function makeVariations({ change, propose, stop }) {
  let value = null;
  let now = null; // as shown: one's own, or those that the app would choose
  let seed = 0;
  let waits = 0;
  const own = () => ({ ...now });
  const mirror = make("input", { type: "checkbox", role: "switch", onchange: () => set({ mirror: mirror.checked }) });
  const sliders = SLIDERS.map(({ key, name, most, step, words }) => {
    const input = make("input", { type: "range", min: 0, max: most, step, "aria-label": name });
    const said = make("output", { class: "sp-quiet" });
    input.addEventListener("input", () => {
      said.textContent = words(Number(input.value));
      input.setAttribute("aria-valuetext", said.textContent);
    });
    input.addEventListener("change", () => set({ [key]: Number(input.value) }));
    const show = () => {
      input.value = now[key];
      said.textContent = words(now[key]);
      input.setAttribute("aria-valuetext", said.textContent);
    };
    return { show, row: make("label", { class: "tc-slider" }, make("span", {}, name), input, said) };
  });
  const picture = make("img", {
    class: "tc-sheet",
    alt: "Samples of your photos, varied as they will be. The first in each row is the photo as it is.",
    loading: "lazy",
  });
  const why = make("p", { class: "sp-quiet" });
  const back = make("button", { type: "button", class: "tc-small", onclick: () => change(null) }, "Let the app choose");
  const ask = make("button", { type: "button", class: "tc-small", onclick: propose }, "Find out now");
  const work = makeWork(stop);
  const others = make(
    "button",
    {
      type: "button",
      class: "tc-small",
      onclick: () => {
        seed += 1;
        look();
      },
    },
    "Other samples",
  );
  const box = make(
    "fieldset",
    { class: "tc-part tc-varied" },
    make("legend", {}, "Varied copies of your photos"),
    why,
    make(
      "div",
      { class: "tc-vary" },
      make(
        "div",
        { class: "tc-sliders" },
        make("label", { class: "tc-switch" }, mirror, make("span", {}, "Mirror left and right")),
        ...sliders.map(({ row }) => row),
      ),
      make("figure", {}, picture, make("figcaption", {}, make("span", { class: "sp-quiet" }, "As it is, then as it learns from it"), others)),
    ),
    make("div", { class: "sp-go" }, back, ask),
    work.box,
  );

  function set(part) {
    now = { ...own(), ...part };
    change(own());
  }

  function draw(all, chosen) {
    value = all;
    now = { ...(chosen || value.proposed) };
    mirror.checked = now.mirror;
    for (const { show } of sliders) show();
    why.textContent = chosen ? "As you chose." : value.proposal;
    back.hidden = !chosen;
    ask.hidden = Boolean(chosen || value.asked || value.proposing);
    ask.disabled = Boolean(value.busy);
    work.set(value.proposing);
    look();
  }

  function look() {
    clearTimeout(waits);
    if (!box.isConnected || box.closest("[hidden]")) return;
    waits = setTimeout(() => {
      const asked = new URLSearchParams({
        mirror: now.mirror ? 1 : 0,
        turn: now.turn,
        zoom: now.zoom,
        light: now.light,
        columns: window.innerWidth < 700 ? 4 : 6,
        seed,
        of: value.photos,
      });
      const address = `/samples/${value.project_id}?${asked}`;
      if (picture.getAttribute("src") !== address) picture.src = address;
    }, 120);
  }

  return { box, draw, look };
}
