// A menu behind a button. It closes when the pointer or the focus goes elsewhere, on Escape, and
// when something in it was chosen.

import { listenOnPage, make } from "./dom.js";

/** @param face what the button shows. */
export function makeMenu(attributes, face, ...items) {
  const button = make("summary", attributes, face);
  const menu = make("details", { class: "menu" }, button, make("div", { class: "menu-items" }, ...items));
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    close();
    button.focus();
  });
  menu.addEventListener("submit", close);
  menu.addEventListener("click", ({ target }) => target.closest(".menu-items > :is(button, a)") && close());
  listenOnPage(menu, { click: ({ target }) => menu.contains(target) || close() });
  return { menu, button };
}
