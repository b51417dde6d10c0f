// What to do next: advice, each piece with its button, and what more photos would be worth.

import { arrange, make } from "../../kit/dom.js";
import { makeLooking } from "../../kit/looking.js";
import { makeSend } from "../../kit/once.js";
import { drawCurve } from "./learning_curve.js";
import { showPhotos } from "./photos_place.js";

export function start({ element, trigger, props, watch }) {
  const send = makeSend(trigger);
  const looking = makeLooking();
  const list = make("ul", { class: "nx-cards" });
  const nothing = make("p", { class: "nx-nothing" }, "Nothing needs doing. Try it on photos it has never seen.");
  const chart = make("div", { class: "nx-chart" });
  const words = make("p", { class: "nx-sentence" });
  const curve = make("figure", { class: "nx-curve" }, make("figcaption", {}, "Are there enough photos?"), chart, words);
  const columns = make("div", { class: "nx-columns" });
  const section = make("section", { "aria-labelledby": "nx-title" }, make("h2", { id: "nx-title" }, "What to do next"), columns, looking.line);
  const rows = new Map(); // what draws each card, by its key: a button keeps its focus

  function draw() {
    const { value } = props;
    if (!value) return arrange(element, []);
    looking.draw(value.looking);
    arrange(list, value.cards.map(rowOf));
    const left = value.nothing ? [nothing] : value.cards.length ? [list] : [];
    if (value.curve) {
      drawCurve(chart, value.curve);
      words.textContent = value.curve.sentence;
    }
    arrange(columns, [...left, ...(value.curve ? [curve] : [])]);
    columns.classList.toggle("nx-single", !value.curve || !value.cards.length);
    columns.hidden = !columns.childNodes.length;
    arrange(element, columns.hidden && !value.looking ? [] : [section]);
  }

  function rowOf(card) {
    if (!rows.has(card.key)) rows.set(card.key, makeRow(card.key));
    return rows.get(card.key)(card);
  }

  function makeRow(key) {
    let shows = false;
    const sentence = make("p");
    const button = make("button", { type: "button", onclick: press });
    const row = make("li", {}, sentence, button);

    function press() {
      send({ action: "advice", key });
      if (shows) showPhotos();
    }

    return (card) => {
      ({ shows } = card);
      sentence.textContent = card.sentence;
      button.textContent = card.label;
      button.className = card.main ? "main-button" : "side-button";
      return row;
    };
  }

  watch("value", draw);
  draw();
}
