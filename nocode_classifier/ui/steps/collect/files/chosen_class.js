// Which class photos go to. It may be pressed in several places; all of them follow at once, and
// Python hears of it meanwhile.

import { listenOnPage } from "../../../kit/dom.js";

const SETTLES = 10_000; // milliseconds; an answer that was under way before a press must not undo it

/** @param draw called when another class was pressed, here or elsewhere on the page. */
export function makeChosenClass({ element, trigger, draw }) {
  let id = null;
  let project = null;
  let pressed = null; // {id, at} until Python says the same

  listenOnPage(element, {
    "choose-class": ({ detail }) => {
      if (detail.project !== project) return;
      id = detail.id;
      pressed = { id, at: Date.now() };
      draw();
    },
  });

  return {
    get id() {
      return id;
    },
    /** Take what Python says, unless it can't know yet what was pressed. */
    follow(value) {
      const there = pressed && value.project_id === project && value.classes.some((label) => label.id === pressed.id);
      if (there && value.chosen !== pressed.id && Date.now() - pressed.at < SETTLES) return;
      pressed = null;
      project = value.project_id;
      id = value.chosen;
    },
    choose(other) {
      if (other === id) return;
      document.dispatchEvent(new CustomEvent("choose-class", { detail: { project, id: other } }));
      trigger("choose", { class_id: other });
    },
  };
}
