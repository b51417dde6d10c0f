// Turns a click on what carries data-action into an "action" event.

import { makeSend } from "./once.js";

export function start({ element, trigger }) {
  const send = makeSend(trigger);
  element.addEventListener("click", (event) => {
    const source = event.target.closest("[data-action]");
    if (source && source.getAttribute("aria-disabled") !== "true") send({ ...source.dataset });
  });
}
