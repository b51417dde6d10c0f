// The grid of photos: look, choose, confirm, move, remove, put back. Python gives one page at a time
// in props.value and answers three events: 'look', 'decide' and 'undo'.

import { listenOnPage, make, shown } from "../dom.js";
import { makeFilters, makePager, makeToolbar } from "./bars.js";
import { makeGuess } from "./guess.js";
import { listenToKeys } from "./keys.js";
import { makeLightbox } from "./lightbox.js";
import { listenToMouse } from "./mouse.js";
import { makeSelection } from "./selection.js";
import { makeTiles } from "./tiles.js";
import { inBin, nothingHere } from "./words.js";

export function start({ element, trigger, props, server, watch }) {
  const selection = makeSelection(paintSelection);
  const tiles = new Map();
  // What is on show, for the mouse and the keyboard, too; `focused` is the id the keyboard is on.
  const state = { value: null, focused: null, tiles, order: () => state.value.photos.map((photo) => photo.id) };
  let byId = new Map();
  const labelOf = (id) => [...state.value.classes, ...state.value.gone_classes].find((label) => label.id === id);

  const acts = { look, decide, choosePage: () => selection.add(state.order()), chooseView, showChosen, undo: () => trigger("undo") };
  const guess = makeGuess(draw);
  const filters = makeFilters(acts);
  const toolbar = makeToolbar(selection, acts);
  const pager = makePager(acts);
  const { grid, draw: drawTiles } = makeTiles(tiles, labelOf);
  const band = make("div", { class: "ph-band", hidden: true });
  const field = make("div", { class: "ph-field" }, grid, band);
  const empty = make("div", { class: "ph-empty" });
  const credits = make("a", { target: "_blank", rel: "noopener" }, "Where these photos come from");
  const foot = make("p", { class: "ph-credits" }, credits);
  const lightbox = makeLightbox({ pageOf: () => state.value, labelOf, decide, closed: (photo) => focusOn(photo.id) });
  const enlarge = (id) => lightbox.show(byId.get(id));
  const parts = [filters.nav, filters.about, toolbar.place, field, empty, pager.nav, foot, lightbox.dialog];
  element.replaceChildren(make("div", { class: "photo-grid" }, parts));

  // --- drawing -------------------------------------------------------------------------------

  function draw() {
    const { value } = props;
    if (value?.project_id && guess.outdated(value, state.value)) return;
    if (value?.project_id) guess.settle(value);
    drawValue(value);
    if (value?.project_id) forgetGone();
  }

  function drawValue(value) {
    const before = state.value;
    state.value = value;
    if (!value?.project_id) return;
    const elsewhere = before?.project_id !== value.project_id;
    const turned = elsewhere || before.view !== value.view || before.page !== value.page;
    selection.open(value.project_id, inBin(value));
    byId = new Map(value.photos.map((photo) => [photo.id, photo]));
    filters.draw(value);
    drawTiles(value);
    pager.draw(value);
    empty.hidden = value.total > 0;
    empty.replaceChildren(...nothingHere(value));
    foot.hidden = !value.kept_count;
    credits.href = `/credits/${value.project_id}`;
    keepFocus(before, turned);
    if (turned && !elsewhere) scrollToTop();
    paintSelection();
    lightbox.refresh();
  }

  function paintSelection() {
    if (!state.value?.project_id) return;
    for (const [id, tile] of tiles) tile.setAttribute("aria-selected", String(selection.has(id)));
    toolbar.draw(state.value);
  }

  // --- keeping the place ---------------------------------------------------------------------

  function keepFocus(before, turned) {
    const hadFocus = grid.contains(document.activeElement) || document.activeElement === document.body;
    if (!byId.has(state.focused)) {
      const places = before && !turned ? before.photos.map((photo) => photo.id) : [];
      const old = places.indexOf(state.focused);
      // The next one that is still there, or else the one before.
      const near = [...places.slice(old + 1), ...places.slice(0, Math.max(old, 0)).reverse()].find((id) => byId.has(id));
      state.focused = near ?? state.value.photos[0]?.id ?? null;
      if (hadFocus && old >= 0 && shown(element)) tiles.get(state.focused)?.focus({ preventScroll: true });
    }
    for (const [id, tile] of tiles) tile.tabIndex = id === state.focused ? 0 : -1;
  }

  function scrollToTop() {
    if (shown(element) && element.getBoundingClientRect().top < headerHeight()) element.scrollIntoView({ block: "start" });
  }

  /** The header of the page stays at the top, so what sticks there too has to stay clear of it. */
  function headerHeight() {
    const header = document.querySelector("header");
    return header && getComputedStyle(header).display !== "none" ? header.offsetHeight : 0;
  }
  new ResizeObserver(() => {
    element.style.setProperty("--ph-header", `${headerHeight()}px`);
    element.style.scrollMarginTop = `${headerHeight() + 8}px`;
  }).observe(element);

  /** Photos that another window removed, or put back from the bin, are no longer chosen here. */
  async function forgetGone() {
    const asked = state.value;
    const away = selection.away(state.order());
    const mark = `${asked.project_id} ${asked.revision} ${inBin(asked)}`;
    if (!away.length || mark === state.asked) return;
    state.asked = mark;
    const there = new Set(await server.still_there({ project_id: asked.project_id, binned: inBin(asked), photo_ids: away }));
    if (asked.project_id !== state.value?.project_id || inBin(asked) !== inBin(state.value)) return;
    selection.drop(away.filter((id) => !there.has(id)));
  }

  function focusOn(id) {
    if (!tiles.has(id)) return;
    state.focused = id;
    for (const [other, tile] of tiles) tile.tabIndex = other === id ? 0 : -1;
    tiles.get(id).focus();
  }

  // --- acting --------------------------------------------------------------------------------

  function look(view, page) {
    trigger("look", { view, page, photo_ids: view === "chosen" ? state.value.chosen : [] });
  }

  function showChosen() {
    trigger("look", { view: "chosen", page: 0, photo_ids: selection.ids() });
  }

  async function chooseView() {
    const { project_id, view } = state.value;
    const ids = await server.every_id({ project_id, view });
    if (state.value?.project_id === project_id && state.value.view === view) selection.add(ids);
  }

  function decide(action, ids = selection.ids(), target = null) {
    if (!ids.length) return;
    const after = guess.after(state.value, action, ids, target);
    selection.drop(ids);
    drawValue(after);
    trigger("decide", { action, photo_ids: ids, class_id: target });
  }

  listenToMouse({ field, grid, band, filters: filters.nav, state, selection, enlarge, focusOn, decide });
  listenToKeys({ element, grid, toolbar, lightbox, state, selection, enlarge, focusOn, acts });
  listenOnPage(element, { "photos-chosen": selection.hear, "decision-refused": guess.refused });
  watch("value", draw);
  draw();
}
