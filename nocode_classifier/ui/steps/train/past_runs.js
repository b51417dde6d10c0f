// Unfolds the older trainings.

import { start as startActions } from "../../kit/actions.js";

export function start(part) {
  startActions(part);
  const { element } = part;
  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-unfold]")) element.querySelector(".past").classList.add("all");
  });
}
