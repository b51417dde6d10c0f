// Tabs that choose which part of the page is shown: the key of the chosen one stands in data-way of
// the list around them, for the style sheets. It is still chosen after a reload of this window.

import { arrowStep } from "./dom.js";

/**
 * @param list the element around the tabs; @param tabs buttons, each with its data-key.
 * @param memory the name under which the chosen one is remembered.
 * @returns a function that chooses by key.
 */
export function makeTabs({ list, tabs, memory }) {
  function choose(key) {
    list.dataset.way = key;
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab.dataset.key === key));
      tab.tabIndex = tab.dataset.key === key ? 0 : -1;
    }
    try {
      sessionStorage.setItem(memory, key);
    } catch {
      /* a browser that keeps nothing starts with the first one again */
    }
  }

  for (const tab of tabs) tab.addEventListener("click", () => choose(tab.dataset.key));
  list.addEventListener("keydown", (event) => {
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(event.target.closest("button")) + step + tabs.length) % tabs.length];
    next.focus();
    choose(next.dataset.key);
  });

  let before = null;
  try {
    before = sessionStorage.getItem(memory);
  } catch {
    /* as above */
  }
  choose((tabs.find((tab) => tab.dataset.key === before) ?? tabs[0]).dataset.key);
  return choose;
}
