// That odd photos are being looked for, and how far that is.

import { make } from "./dom.js";

/** @returns its node, and `draw`, which takes `{fraction}` or null for nothing. */
export function makeLooking() {
  const bar = make("progress", { max: "1", "aria-label": "Looking for odd photos" });
  const words = make("span", { class: "lk-words" }, "Looking for odd photos…");
  const line = make("div", { class: "lk-line", role: "status", hidden: true }, words, bar);
  return {
    line,
    draw(looking) {
      line.hidden = !looking;
      if (looking) bar.value = looking.fraction;
    },
  };
}
