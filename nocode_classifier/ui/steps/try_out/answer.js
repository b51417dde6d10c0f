// An answer as it is drawn beside the photo, and where the network looked.

import { inPercent, make, paint } from "../../kit/dom.js";

/** What is said, with a bar for each class. */
export function answerNodes(answer, classes) {
  const label = classes.find((one) => one.name === answer.label);
  const bars = answer.bars.map(({ name, probability }) => {
    const own = classes.find((one) => one.name === name);
    const percent = inPercent(probability);
    const bar = make("span", { class: "ty-bar", "aria-hidden": "true" }, make("span"));
    bar.firstChild.style.width = `${100 * probability}%`;
    return paint(make("li", {}, make("span", { class: "ty-name" }, name), bar, make("span", { class: "ty-percent" }, percent)), own);
  });
  return [
    paint(make("div", { class: answer.sure ? "ty-verdict" : "ty-verdict ty-unsure" }, make("strong", {}, answer.headline)), answer.sure ? label : null),
    make("p", { class: "ty-words" }, answer.words),
    answer.hint ? make("p", { class: "ty-hint" }, answer.hint) : null,
    make("ul", { class: "ty-bars", "aria-label": "How likely each class is" }, bars),
  ].filter(Boolean);
}

/** Laid over the photo: dark where the network saw nothing that speaks for its answer. */
export function drawMap(heat, map) {
  const rows = map.length;
  const columns = map[0].length;
  const small = make("canvas", { width: columns, height: rows });
  const pixels = new ImageData(columns, rows);
  map.flat().forEach((weight, index) => {
    pixels.data.set([14, 20, 26, Math.round(190 * (1 - weight))], 4 * index);
  });
  small.getContext("2d").putImageData(pixels, 0, 0);
  [heat.width, heat.height] = [columns * 32, rows * 32];
  const context = heat.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, heat.width, heat.height);
}
