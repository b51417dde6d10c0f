// The switch between the ways to add photos. Which one is chosen stands in data-way of the switch,
// and the style sheet of the page shows the component of that way (ui/theme.css).

import { listenOnPage, make } from "../../kit/dom.js";
import { makeTabs } from "../../kit/tabs.js";

const WAYS = [
  { key: "find", name: "Find on the web", short: "Find", icon: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>' },
  {
    key: "files",
    name: "From this computer",
    short: "Files",
    icon: '<path d="M3 7.5a2 2 0 0 1 2-2h4.2l2 2.3H19a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>',
  },
  {
    key: "camera",
    name: "Camera",
    short: "Camera",
    icon: '<path d="M3 9a2 2 0 0 1 2-2h2.4l1.5-2.3h6.2L16.6 7H19a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/><circle cx="12" cy="13" r="3.6"/>',
  },
  {
    key: "links",
    name: "Links",
    short: "Links",
    icon: '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.2 1.2"/><path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.2-1.2"/>',
  },
];

/** A tab for each way. */
export function makeWays(element) {
  const here = matchMedia("(hover: none) and (pointer: coarse)").matches;
  const tabs = WAYS.map(({ key, name, short, icon }) => {
    const full = here && key === "files" ? "From this device" : name;
    const tab = make(
      "button",
      { type: "button", role: "tab", "data-key": key, "aria-label": full },
      make("span", { class: "ph-long" }, full),
      make("span", { class: "ph-short", "aria-hidden": "true" }, short),
    );
    tab.insertAdjacentHTML("afterbegin", `<svg viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>`);
    return tab;
  });
  const bar = make("div", { class: "ph-ways", role: "tablist", "aria-label": "Ways to add photos" }, tabs);
  const choose = makeTabs({ list: bar, tabs, memory: "nocode-classifier way" });
  // Another component asks for a way, such as the one that says that photos of one's own would help.
  listenOnPage(element, { "choose-way": (event) => choose(event.detail) });
  return { bar };
}
