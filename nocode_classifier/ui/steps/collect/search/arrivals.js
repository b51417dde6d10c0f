// Photos as they arrive: the newest comes in first, the others make room calmly.

import { make, thumbnail } from "../../../kit/dom.js";

const CALM = { duration: 420, easing: "cubic-bezier(.2, .7, .2, 1)" };

export function makeArrivals() {
  const wall = make("ul", { class: "hu-wall", "aria-label": "Newest photos" });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let of = null;

  /** @param newest photos, newest first. @param key of what they belong to: another one starts anew. */
  function draw(newest, project, key) {
    const begun = of === key;
    of = key;
    const known = new Map([...wall.children].map((tile) => [tile.dataset.sha256, tile]));
    const tiles = newest.map((photo) => known.get(photo.sha256) ?? tile(photo, project));
    if (begun && tiles.length === wall.children.length && tiles.every((one, at) => wall.children[at] === one)) return;
    const from = new Map([...known.values()].map((one) => [one, { left: one.offsetLeft, top: one.offsetTop }]));
    wall.replaceChildren(...tiles);
    wall.hidden = !tiles.length;
    if (still.matches || !begun) return;
    for (const one of tiles) from.has(one) ? slide(one, from.get(one)) : enter(one);
  }

  function tile({ sha256, name }, project) {
    return make(
      "li",
      { "data-sha256": sha256 },
      make("img", { src: thumbnail(project, sha256), alt: name, title: name, decoding: "async", draggable: "false" }),
    );
  }

  function slide(one, before) {
    for (const under_way of one.getAnimations()) under_way.finish();
    const across = before.left - one.offsetLeft;
    // Whoever changes rows would fly across the others: it fades over instead.
    if (before.top !== one.offsetTop) one.animate([{ opacity: 0 }, { opacity: 1 }], CALM);
    else if (across) one.animate([{ transform: `translate(${across}px)` }, { transform: "none" }], CALM);
  }

  function enter(one) {
    one.animate(
      [
        { opacity: 0, transform: "scale(.8)" },
        { opacity: 1, transform: "none" },
      ],
      CALM,
    );
  }

  return { wall, draw };
}
