// The mouse and the keyboard on the grid of photos; goes on after photo_grid.js.

const idOf = (event) => {
  const tile = event.target.closest(".ph-tile");
  return tile ? Number(tile.dataset.id) : null;
};

let pressed = []; // the last two presses: a quick tap on each of two photos is no double click

grid.addEventListener("click", (event) => {
  const id = idOf(event);
  if (id === null) return;
  pressed = [pressed.at(-1), event.pointerType === "touch" ? null : id];
  if (event.target.closest(".ph-enlarge")) return lightbox.show(byId.get(id));
  focusOn(id);
  const toggling = event.ctrlKey || event.metaKey || event.target.closest(".ph-tick") || event.pointerType === "touch";
  if (event.shiftKey) selection.reach(order(), id, event.ctrlKey || event.metaKey);
  else if (toggling) selection.toggle(id);
  else if (selection.size === 1 && selection.has(id)) selection.clear();
  else selection.only(id);
});

grid.addEventListener("dblclick", (event) => {
  const id = idOf(event);
  if (id === null || event.target.closest(".ph-enlarge")) return;
  if (pressed.every((one) => one === id)) lightbox.show(byId.get(id));
});

// Dragging photos onto a class chip moves them there; onto the bin's, removes them.
grid.addEventListener("dragstart", (event) => {
  const id = idOf(event);
  if (id === null) return;
  if (!selection.has(id)) selection.only(id);
  event.dataTransfer.setData("text/x-photo-ids", JSON.stringify(selection.ids()));
  event.dataTransfer.effectAllowed = "move";
  const ghost = make("div", { class: "ph-ghost" }, counted(selection.size, "photo"));
  element.firstChild.append(ghost);
  event.dataTransfer.setDragImage(ghost, -12, -12);
  setTimeout(() => ghost.remove());
});
const target = (event) => {
  const chip = event.target.closest?.(".ph-filters [data-view]");
  const carries = event.dataTransfer.types.includes("text/x-photo-ids");
  return carries && chip && (chip.dataset.class || (chip.dataset.view === "bin" && !inBin())) ? chip : null;
};
filters.addEventListener("dragover", (event) => {
  const chip = target(event);
  for (const other of filters.children) other.classList.toggle("ph-over", other === chip);
  if (chip) event.preventDefault();
});
filters.addEventListener("dragleave", () => {
  for (const chip of filters.children) chip.classList.remove("ph-over");
});
filters.addEventListener("drop", (event) => {
  const chip = target(event);
  if (!chip) return;
  event.preventDefault();
  const ids = JSON.parse(event.dataTransfer.getData("text/x-photo-ids"));
  if (!chip.dataset.class) decide("bin", ids);
  else decide(inBin() ? "restore" : "move", ids, Number(chip.dataset.class));
});

// A box drawn from the space between photos chooses what it touches.
grid.parentElement.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".ph-tile")) return;
  const field = grid.parentElement;
  const already = event.ctrlKey || event.metaKey || event.shiftKey ? selection.ids() : [];
  const origin = field.getBoundingClientRect();
  const from = { x: event.clientX - origin.left, y: event.clientY - origin.top };
  field.setPointerCapture(event.pointerId);
  const drag = (moved) => stretch(field, from, moved, already);
  const end = (released) => {
    field.removeEventListener("pointermove", drag);
    field.removeEventListener("pointerup", end);
    if (band.hidden && released.target === field) selection.clear();
    band.hidden = true;
  };
  field.addEventListener("pointermove", drag);
  field.addEventListener("pointerup", end);
});

function stretch(field, from, event, already) {
  const origin = field.getBoundingClientRect();
  const to = { x: event.clientX - origin.left, y: event.clientY - origin.top };
  const box = { left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), right: Math.max(from.x, to.x), bottom: Math.max(from.y, to.y) };
  if (band.hidden && box.right - box.left < 5 && box.bottom - box.top < 5) return;
  band.hidden = false;
  Object.assign(band.style, {
    left: `${box.left}px`, top: `${box.top}px`, width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px`,
  });
  const touched = order().filter((id) => {
    const tile = tiles.get(id).getBoundingClientRect();
    return tile.left - origin.left < box.right && tile.right - origin.left > box.left
      && tile.top - origin.top < box.bottom && tile.bottom - origin.top > box.top;
  });
  selection.replace([...already, ...touched]);
}

// --- the keyboard --------------------------------------------------------------------------

function columns() {
  const top = grid.firstElementChild.offsetTop;
  const tops = [...grid.children].findIndex((tile) => tile.offsetTop !== top);
  return tops < 0 ? grid.children.length : tops;
}

const steps = {
  ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(), ArrowDown: () => columns(),
  Home: () => -Infinity, End: () => Infinity,
};

grid.addEventListener("keydown", (event) => {
  if (!value.photos.length) return;
  const ids = order();
  if (steps[event.key]) {
    const at = Math.max(ids.indexOf(focused), 0) + steps[event.key]();
    const next = ids[Math.min(Math.max(at, 0), ids.length - 1)];
    if (event.shiftKey) {
      if (!selection.size) selection.only(focused);
      selection.reach(ids, next, false);
    }
    focusOn(next);
  } else if (event.key === " ") selection.toggle(focused);
  else if (event.key === "Enter") lightbox.show(byId.get(focused));
  else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.add(ids);
  else if (/^[1-9]$/.test(event.key) && selection.size && !inBin() && !event.ctrlKey && !event.metaKey) {
    const label = value.classes[Number(event.key) - 1];
    if (label) decide("move", selection.ids(), label.id);
  } else return;
  event.preventDefault();
});

function onKey(event) {
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  if (!value || !shown() || typing(event) || lightbox.dialog.open || event.defaultPrevented) return;
  if (event.key === "Delete" || (event.key === "Backspace" && event.metaKey)) decide("bin", inBin() ? [] : undefined);
  else if (event.key === "Escape") {
    const open = actions.querySelector("details[open]");
    if (open) open.open = false;
    else selection.clear();
  } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && value.undo) trigger("undo");
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", onKey);

function onPress(event) {
  if (!element.isConnected) return document.removeEventListener("pointerdown", onPress);
  const open = actions.querySelector("details[open]");
  if (open && !open.contains(event.target)) open.open = false;
}
document.addEventListener("pointerdown", onPress);

watch("value", draw);
draw();
