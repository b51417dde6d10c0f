// How certain an answer has to be. What is chosen is kept at once, and Try answers accordingly.

import { arrange, make, write } from "../../kit/dom.js";
import { makeKeeping } from "../../kit/keeping.js";

export function start({ element, props, server, watch }) {
  const keeping = makeKeeping(server.choose);
  let value = null;
  let index = 0;

  const slider = make("input", { type: "range", class: "sl-range", min: "0", step: "1", "aria-labelledby": "sl-title", oninput: move, onchange: keep });
  const cost = make("p", { class: "sl-cost", id: "sl-cost", role: "status" });
  const ends = make("p", { class: "sl-ends", "aria-hidden": "true" }, make("span", {}, "Answer more often"), make("span", {}, "Be more careful"));
  const note = make("p", { class: "sl-note" });
  const usual = make("button", { type: "button", class: "sl-usual", onclick: suggest }, "As suggested");
  const lead = make("p", { class: "sl-lead" }, "When it isn't sure, it says “not sure” instead of guessing. You decide how sure it has to be.");
  const box = make("div", { class: "sl-box" }, make("div", { class: "sl-set" }, slider, ends), make("div", { class: "sl-words" }, cost, note, usual));
  const section = make("section", { "aria-labelledby": "sl-title" }, make("h2", { id: "sl-title" }, "How careful should it be?"), lead, box);

  function draw() {
    const other = props.value?.project_id !== value?.project_id;
    value = props.value;
    arrange(element, value ? [section] : []);
    if (!value) return;
    // What Python gives may be older than what was chosen here just now.
    if (other || keeping.settled) index = value.chosen;
    slider.max = `${value.choices.length - 1}`;
    slider.hidden = ends.hidden = value.choices.length < 2;
    write(note, value.note);
    drawChoice();
  }

  function drawChoice() {
    slider.value = `${index}`;
    slider.setAttribute("aria-valuetext", sentence(value.choices[index]));
    write(cost, `It ${sentence(value.choices[index])}.`);
    usual.disabled = index === value.suggested;
    usual.hidden = value.choices.length < 2;
  }

  function move() {
    index = Number(slider.value);
    drawChoice();
  }

  function keep() {
    move();
    send(index);
  }

  function suggest() {
    index = value.suggested;
    drawChoice();
    slider.focus(); // the button can't keep it: there is nothing to put back any more
    send(null);
  }

  function send(chosen) {
    keeping.keep({ project_id: value.project_id, index: chosen }).then(({ refused }) => {
      if (refused) write(note, refused);
    });
  }

  watch("value", draw);
  draw();
}

/** What a choice means, both ways. */
function sentence({ share, accuracy, answered }) {
  if (!answered) return "answers none of your photos";
  return `answers ${inHundred(share, "of your photos")}, right on ${inHundred(accuracy, "of these")}`;
}

/** "86 of 100 of these", "all of these"; what is not all is never rounded to it. */
function inHundred(share, of) {
  return share >= 1 ? `all ${of}` : `${Math.min(99, Math.round(100 * share))} of 100 ${of}`;
}
