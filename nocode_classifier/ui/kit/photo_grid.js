// The grid of photos: look, choose, move, remove, put back. Python gives one page at a time in
// props.value and answers three events: 'look', 'decide' and 'undo'.

import { make, paint, shown, thumbnail } from "./dom.js";
import { makeLightbox } from "./lightbox.js";
import { inDoubt, makeFilters, makePager, makeToolbar, nothingHere } from "./photo_grid_bars.js";
import { listenToKeys } from "./photo_grid_keys.js";
import { listenToMouse } from "./photo_grid_mouse.js";
import { makeSelection } from "./selection.js";

export function start({ element, trigger, props, server, watch }) {
  const selection = makeSelection(paintSelection);
  const tiles = new Map();
  // What is on show, for the mouse and the keyboard, too; `focused` is the id the keyboard is on.
  const state = { value: null, focused: null, tiles, order: () => state.value.photos.map((photo) => photo.id) };
  let byId = new Map();

  const acts = { look, decide, choosePage: () => selection.add(state.order()), chooseView, undo: () => trigger("undo") };
  const filters = makeFilters(acts);
  const toolbar = makeToolbar(selection, acts);
  const pager = makePager(acts);
  const grid = make("div", { class: "ph-grid", role: "listbox", "aria-multiselectable": "true", "aria-label": "Photos" });
  const band = make("div", { class: "ph-band", hidden: true });
  const field = make("div", { class: "ph-field" }, grid, band);
  const empty = make("div", { class: "ph-empty" });
  const credits = make("a", { target: "_blank", rel: "noopener" }, "Where these photos come from");
  const foot = make("p", { class: "ph-credits" }, credits);
  const lightbox = makeLightbox({
    move: (photo, step) => state.value.photos[state.order().indexOf(photo.id) + step] ?? null,
    decide: (action, ids) => decide(action, ids),
    labelOf: (photo) => labelOf(photo.class_id),
    projectOf: () => state.value.project_id,
    closed: (photo) => focusOn(photo.id),
  });
  const enlarge = (id) => lightbox.show(byId.get(id));
  element.replaceChildren(make("div", { class: "photo-grid" }, filters.nav, toolbar.bar, field, empty, pager.nav, foot, lightbox.dialog));

  const labelOf = (id) => [...state.value.classes, ...state.value.gone_classes].find((label) => label.id === id);

  // --- drawing -------------------------------------------------------------------------------

  function draw() {
    const before = state.value;
    const value = props.value;
    state.value = value;
    if (!value || !value.project_id) return;
    const elsewhere = !before || before.project_id !== value.project_id;
    const turned = elsewhere || before.view !== value.view || before.page !== value.page;
    if (elsewhere) selection.clear();
    byId = new Map(value.photos.map((photo) => [photo.id, photo]));
    filters.draw(value);
    drawTiles(value);
    pager.draw(value);
    empty.hidden = value.total > 0;
    empty.replaceChildren(...nothingHere(value));
    foot.hidden = !value.kept_count;
    credits.href = `/credits/${value.project_id}`;
    keepFocus(before, turned);
    if (turned && before && !elsewhere) scrollToTop();
    forgetGone(before);
    paintSelection();
  }

  function drawTiles({ project_id, photos }) {
    const nodes = photos.map((photo) => tiles.get(photo.id) ?? makeTile(photo, project_id));
    for (const id of tiles.keys()) if (!byId.has(id)) tiles.delete(id);
    photos.forEach((photo, index) => dress(nodes[index], photo));
    // Only what changed is touched: pictures that stay don't flicker and keep the focus.
    const staying = new Set(nodes);
    for (const node of [...grid.children]) if (!staying.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (grid.children[index] !== node) grid.insertBefore(node, grid.children[index] ?? null);
    });
  }

  function makeTile(photo, project) {
    const tile = make(
      "div",
      { class: "ph-tile", role: "option", draggable: "true", tabindex: "-1", "data-id": photo.id },
      make("img", { loading: "lazy", decoding: "async", alt: "", draggable: "false", src: thumbnail(project, photo.sha256) }),
      make("span", { class: "ph-tick", "aria-hidden": "true" }, "✓"),
      make("span", { class: "ph-chip ph-like", "aria-hidden": "true" }),
      make("button", { type: "button", class: "ph-enlarge", tabindex: "-1", "aria-label": `Enlarge ${photo.name}` }, "⤢"),
    );
    tiles.set(photo.id, tile);
    return tile;
  }

  function dress(tile, photo) {
    const { value } = state;
    const label = labelOf(photo.class_id);
    paint(tile, label);
    tile.classList.remove("ph-leaving");
    const like = inDoubt(value) ? value.classes.find((one) => one.name === value.looks_like[photo.id]) : null;
    const badge = tile.querySelector(".ph-like");
    badge.hidden = !like;
    badge.textContent = like ? `${like.name}?` : "";
    paint(badge, like);
    const words = [photo.name, label?.name, like && `looks like ${like.name}`].filter(Boolean);
    tile.setAttribute("aria-label", words.join(", "));
    tile.title = label ? `${label.name} · ${photo.name}` : photo.name;
  }

  function paintSelection() {
    if (!state.value) return;
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

  /** Photos that another window deleted or moved out of reach are no longer chosen. */
  async function forgetGone(before) {
    const asked = state.value;
    if (!before || before.revision === asked.revision || !selection.size) return;
    const away = selection.ids().filter((id) => !byId.has(id));
    if (!away.length) return;
    const there = new Set(await server.still_there({ project_id: asked.project_id, view: asked.view, photo_ids: away }));
    if (asked !== state.value) return;
    selection.replace(selection.ids().filter((id) => byId.has(id) || there.has(id)));
  }

  function focusOn(id) {
    if (!tiles.has(id)) return;
    state.focused = id;
    for (const [other, tile] of tiles) tile.tabIndex = other === id ? 0 : -1;
    tiles.get(id).focus();
  }

  // --- acting --------------------------------------------------------------------------------

  function look(view, page) {
    if (view !== state.value.view) selection.clear();
    trigger("look", { view, page });
  }

  async function chooseView() {
    const { project_id, view } = state.value;
    const ids = await server.every_id({ project_id, view });
    if (state.value?.project_id === project_id && state.value.view === view) selection.replace(ids);
  }

  function decide(action, ids = selection.ids(), target = null) {
    if (!ids.length) return;
    const stays = action === "move" && state.value.view === "all";
    if (!stays) for (const id of ids) tiles.get(id)?.classList.add("ph-leaving");
    // Should Python refuse, the photos come back into view by themselves.
    setTimeout(() => ids.forEach((id) => tiles.get(id)?.classList.remove("ph-leaving")), 4000);
    selection.clear();
    trigger("decide", { action, photo_ids: ids, class_id: target });
  }

  listenToMouse({ field, grid, band, filters: filters.nav, state, selection, enlarge, focusOn, decide });
  listenToKeys({ element, grid, toolbar, lightbox, state, selection, enlarge, focusOn, acts });
  watch("value", draw);
  draw();
}
