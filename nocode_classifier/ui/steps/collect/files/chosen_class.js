// Which class photos go to. It may be pressed in several places; all of them follow at once, and
// Python hears of it meanwhile.

import { listenOnPage } from "../../../kit/dom.js";

/** @param draw called when another class was pressed, here or elsewhere on the page. */
export function makeChosenClass({ element, trigger, draw }) {
  let id = null;
  let project = null;
  let turn = 0; // of the last press; Python says which one it had heard of

  listenOnPage(element, {
    "choose-class": ({ detail }) => {
      if (detail.project !== project) return;
      ({ id, turn } = detail);
      draw();
    },
  });

  return {
    get id() {
      return id;
    },
    /** Take what Python says, unless it did not know yet what was pressed. */
    follow(value) {
      const there = value.project_id === project && value.classes.some((label) => label.id === id);
      if (there && value.turn < turn) return;
      project = value.project_id;
      id = value.chosen;
    },
    choose(other) {
      if (other === id) return;
      const press = { id: other, turn: turn + 1 };
      document.dispatchEvent(new CustomEvent("choose-class", { detail: { project, ...press } }));
      trigger("choose", press);
    },
  };
}
