// The keyboard on the grid of photos.

import { listenOnPage, shown, typing } from "../dom.js";
import { further, inBin } from "./words.js";

/** @param state what is on show: `value`, `order()` of the ids, `focused`: where the keyboard is. */
export function listenToKeys({ element, grid, toolbar, lightbox, state, selection, enlarge, focusOn, acts }) {
  function columns() {
    const top = grid.firstElementChild.offsetTop;
    const tops = [...grid.children].findIndex((tile) => tile.offsetTop !== top);
    return tops < 0 ? grid.children.length : tops;
  }

  const steps = {
    ArrowLeft: () => -1,
    ArrowRight: () => 1,
    ArrowUp: () => -columns(),
    ArrowDown: () => columns(),
    Home: () => -Infinity,
    End: () => Infinity,
  };

  grid.addEventListener("keydown", (event) => {
    const { value, focused } = state;
    if (!value.photos.length) return;
    const ids = state.order();
    if (steps[event.key]) {
      const at = Math.max(ids.indexOf(focused), 0) + steps[event.key]();
      const next = ids[Math.min(Math.max(at, 0), ids.length - 1)];
      if (event.shiftKey) {
        if (!ids.some(selection.has)) selection.only(focused, ids);
        selection.reach(ids, next, false);
      }
      focusOn(next);
    } else if (event.key === " ") selection.toggle(focused);
    else if (event.key === "Enter") enlarge(focused);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.add(ids);
    else if (/^[1-9]$/.test(event.key) && selection.size && !inBin(value) && !event.ctrlKey && !event.metaKey) {
      const label = value.classes[Number(event.key) - 1];
      if (label) acts.decide("move", selection.ids(), label.id);
    } else return;
    event.preventDefault();
  });

  listenOnPage(element, {
    keydown: (event) => {
      const { value } = state;
      if (!value || !shown(element) || typing(event) || lightbox.dialog.open || event.defaultPrevented) return;
      if (event.key === "Delete" || (event.key === "Backspace" && event.metaKey)) acts.decide("bin", inBin(value) ? [] : undefined);
      else if (event.key === "Escape") {
        const open = toolbar.openMenu();
        if (open) open.open = false;
        else selection.clear();
      } else if (event.key.toLowerCase() === "r" && further(value) && !event.ctrlKey && !event.metaKey && !event.altKey) acts.decide("confirm");
      else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) acts.undo();
      else return;
      event.preventDefault();
    },
    pointerdown: (event) => {
      const open = toolbar.openMenu();
      if (open && !open.contains(event.target)) open.open = false;
    },
  });
}
