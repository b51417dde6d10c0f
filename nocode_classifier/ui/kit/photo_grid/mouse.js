// The mouse, and fingers, on the grid of photos.

import { counted, make } from "../dom.js";
import { inBin } from "./words.js";

const idOf = (event) => {
  const tile = event.target.closest(".ph-tile");
  return tile ? Number(tile.dataset.id) : null;
};

/**
 * @param field what holds the grid and the band; @param filters photos are dropped on its chips.
 * @param state what is on show: `value`, `tiles` by id, `order()` of the ids.
 */
export function listenToMouse({ field, grid, band, filters, state, selection, enlarge, focusOn, decide }) {
  listenToClicks({ grid, state, selection, enlarge, focusOn });
  listenToDrags({ field, grid, filters, state, selection, decide });
  listenToBand({ field, band, state, selection });
}

function listenToClicks({ grid, state, selection, enlarge, focusOn }) {
  let pressed = []; // the last two presses: a quick tap on each of two photos is no double click

  grid.addEventListener("click", (event) => {
    const id = idOf(event);
    if (id === null) return;
    pressed = [pressed.at(-1), event.pointerType === "touch" ? null : id];
    if (event.target.closest(".ph-enlarge")) return enlarge(id);
    focusOn(id);
    const toggling = event.ctrlKey || event.metaKey || event.target.closest(".ph-tick") || event.pointerType === "touch";
    if (event.shiftKey) selection.reach(state.order(), id, event.ctrlKey || event.metaKey);
    else if (toggling) selection.toggle(id);
    else if (state.order().filter(selection.has).join() === String(id)) selection.drop([id]);
    else selection.only(id, state.order());
  });

  grid.addEventListener("dblclick", (event) => {
    const id = idOf(event);
    if (id === null || event.target.closest(".ph-enlarge")) return;
    if (pressed.every((one) => one === id)) enlarge(id);
  });
}

/** Dragging photos onto a class chip moves them there; onto the bin's, removes them. */
function listenToDrags({ field, grid, filters, state, selection, decide }) {
  grid.addEventListener("dragstart", (event) => {
    const id = idOf(event);
    if (id === null) return;
    if (!selection.has(id)) selection.only(id, state.order());
    event.dataTransfer.setData("text/x-photo-ids", JSON.stringify(selection.ids()));
    event.dataTransfer.effectAllowed = "move";
    const ghost = make("div", { class: "ph-ghost" }, counted(selection.size, "photo"));
    field.parentElement.append(ghost);
    event.dataTransfer.setDragImage(ghost, -12, -12);
    setTimeout(() => ghost.remove());
  });
  const chips = () => filters.querySelectorAll("[data-view]");
  const target = (event) => {
    const chip = event.target.closest?.(".ph-filters [data-view]");
    const carries = event.dataTransfer.types.includes("text/x-photo-ids");
    return carries && chip && (chip.dataset.class || (chip.dataset.view === "bin" && !inBin(state.value))) ? chip : null;
  };
  filters.addEventListener("dragover", (event) => {
    const chip = target(event);
    for (const other of chips()) other.classList.toggle("ph-over", other === chip);
    if (chip) event.preventDefault();
  });
  filters.addEventListener("dragleave", () => {
    for (const chip of chips()) chip.classList.remove("ph-over");
  });
  filters.addEventListener("drop", (event) => {
    const chip = target(event);
    if (!chip) return;
    event.preventDefault();
    const ids = JSON.parse(event.dataTransfer.getData("text/x-photo-ids"));
    if (!chip.dataset.class) decide("bin", ids);
    else decide(inBin(state.value) ? "restore" : "move", ids, Number(chip.dataset.class));
  });
}

/** A box drawn from the space between photos chooses what it touches. */
function listenToBand({ field, band, state, selection }) {
  field.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".ph-tile")) return;
    const already = event.ctrlKey || event.metaKey || event.shiftKey ? selection.ids() : [];
    const origin = field.getBoundingClientRect();
    const from = { x: event.clientX - origin.left, y: event.clientY - origin.top };
    field.setPointerCapture(event.pointerId);
    const drag = (moved) => stretch(from, moved, already);
    const end = (released) => {
      field.removeEventListener("pointermove", drag);
      field.removeEventListener("pointerup", end);
      if (band.hidden && released.target === field) selection.replace([], state.order());
      band.hidden = true;
    };
    field.addEventListener("pointermove", drag);
    field.addEventListener("pointerup", end);
  });

  function stretch(from, event, already) {
    const origin = field.getBoundingClientRect();
    const to = { x: event.clientX - origin.left, y: event.clientY - origin.top };
    const box = { left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), right: Math.max(from.x, to.x), bottom: Math.max(from.y, to.y) };
    if (band.hidden && box.right - box.left < 5 && box.bottom - box.top < 5) return;
    band.hidden = false;
    Object.assign(band.style, {
      left: `${box.left}px`,
      top: `${box.top}px`,
      width: `${box.right - box.left}px`,
      height: `${box.bottom - box.top}px`,
    });
    const touched = state.order().filter((id) => {
      const tile = state.tiles.get(id).getBoundingClientRect();
      return (
        tile.left - origin.left < box.right && tile.right - origin.left > box.left && tile.top - origin.top < box.bottom && tile.bottom - origin.top > box.top
      );
    });
    selection.replace([...already, ...touched], state.order());
  }
}
