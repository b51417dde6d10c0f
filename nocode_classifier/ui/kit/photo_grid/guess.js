// What a grid will look like after a decision, before Python has carried it out: what is pressed is
// seen at once. Python's own page replaces the guess as soon as it is there.

import { further } from "./words.js";

const PATIENCE = 15_000; // milliseconds until the photos come back should nothing have changed

/** @param draw called when what Python last gave is to be drawn after all. */
export function makeGuess(draw) {
  let awaited = null; // the revision from which on Python knows of all that was pressed
  let timer = null;

  function giveUp() {
    if (awaited === null) return;
    awaited = null;
    clearTimeout(timer);
    draw();
  }

  return {
    /** Whether a page is of before what was pressed, and would undo it for a moment. */
    outdated: (value, shown) => awaited !== null && value.revision < awaited && samePage(value, shown),
    /** The page shown, as it will be. */
    after(value, action, ids, target) {
      awaited = Math.max(awaited ?? 0, value.revision) + 1;
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE);
      return guessed(value, action, new Set(ids), target);
    },
    /** Take note of a page that Python gave. */
    settle(value) {
      if (awaited === null || value.revision < awaited) return;
      awaited = null;
      clearTimeout(timer);
    },
    /** Python refused: what it last gave is how it is. */
    refused: giveUp,
  };
}

const samePage = (one, other) => one.project_id === other?.project_id && one.view === other.view && one.page === other.page;

export function guessed(value, action, ids, target) {
  const stays = action === "move" && (value.view === "all" || value.view === "chosen" || value.view === target);
  const meant = value.photos.filter((photo) => ids.has(photo.id));
  if (stays) {
    const moved = (photo) => (ids.has(photo.id) ? { ...photo, class_id: target, confirmed: photo.confirmed && photo.class_id === target } : photo);
    return { ...value, photos: value.photos.map(moved) };
  }
  if (action === "confirm" && !further(value)) {
    return { ...value, photos: value.photos.map((photo) => (ids.has(photo.id) ? { ...photo, confirmed: true } : photo)) };
  }
  return { ...value, photos: value.photos.filter((photo) => !ids.has(photo.id)), total: value.total - meant.length };
}
