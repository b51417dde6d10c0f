// The grid of photos: look, choose, move, remove, put back. Python gives one page at a time in
// props.value and answers three events: 'look', 'decide' and 'undo'.

const selection = makeSelection(paintSelection);
let value = null;
let focused = null; // id of the photo the keyboard is on
let byId = new Map();
const tiles = new Map();

const filters = make("nav", { class: "ph-filters", "aria-label": "Which photos to show" });
const count = make("span", { class: "ph-count", role: "status" });
const actions = make("div", { class: "ph-actions" });
const bar = make("div", { class: "ph-bar", role: "toolbar", "aria-label": "What to do with the photos" }, count, actions);
const grid = make("div", { class: "ph-grid", role: "listbox", "aria-multiselectable": "true", "aria-label": "Photos" });
const band = make("div", { class: "ph-band", hidden: true });
const empty = make("div", { class: "ph-empty" });
const pager = make("nav", { class: "ph-pager", "aria-label": "Pages" });
const credits = make("a", { target: "_blank", rel: "noopener" }, "Where these photos come from");
const foot = make("p", { class: "ph-credits" }, credits);
const lightbox = makeLightbox({
  move: (photo, step) => value.photos[order().indexOf(photo.id) + step] ?? null,
  decide: (action, ids) => decide(action, ids),
  labelOf: (photo) => labelOf(photo.class_id),
  projectOf: () => value.project_id,
  closed: (photo) => focusOn(photo.id),
});
element.replaceChildren(make("div", { class: "photo-grid" },
  filters, bar, make("div", { class: "ph-field" }, grid, band), empty, pager, foot, lightbox.dialog));

const order = () => value.photos.map((photo) => photo.id);
const labelOf = (id) => [...value.classes, ...value.gone_classes].find((label) => label.id === id);
const inBin = () => value.view === "bin";
const inDoubt = () => value.view === "doubtful";

// --- drawing -------------------------------------------------------------------------------

function draw() {
  const before = value;
  value = props.value;
  if (!value || !value.project_id) return;
  const elsewhere = !before || before.project_id !== value.project_id;
  const turned = elsewhere || before.view !== value.view || before.page !== value.page;
  if (elsewhere) selection.clear();
  byId = new Map(value.photos.map((photo) => [photo.id, photo]));
  drawFilters();
  drawTiles();
  drawPager();
  drawEmpty();
  foot.hidden = !value.kept_count;
  credits.href = `/credits/${value.project_id}`;
  keepFocus(before, turned);
  if (turned && before && !elsewhere) scrollToTop();
  forgetGone(before);
  paintSelection();
}

function drawFilters() {
  const chip = (view, text, number, label) => paint(make("button", {
    type: "button", class: label ? "ph-chip" : "ph-chip ph-plain", "aria-pressed": String(value.view === view),
    "data-view": view, "data-class": label ? label.id : null, onclick: () => look(view, 0),
  }, make("span", { class: "ph-name" }, text), make("span", { class: "ph-number" }, number.toLocaleString("en"))), label);
  const chips = [
    chip("all", "All", value.kept_count),
    ...(value.doubtful_count || inDoubt() ? [chip("doubtful", "In doubt", value.doubtful_count)] : []),
    ...value.classes.map((label) => chip(label.id, label.name, label.count, label)),
    chip("bin", "Bin", value.bin_count),
  ];
  const had = filters.contains(document.activeElement) ? document.activeElement.dataset.view : null;
  filters.classList.toggle("ph-narrowed", value.view !== "all");
  filters.replaceChildren(...chips);
  if (had) filters.querySelector(`[data-view="${had}"]`)?.focus();
}

function drawTiles() {
  const nodes = value.photos.map((photo) => tiles.get(photo.id) ?? makeTile(photo));
  for (const id of tiles.keys()) if (!byId.has(id)) tiles.delete(id);
  value.photos.forEach((photo, index) => dress(nodes[index], photo));
  // Only what changed is touched: pictures that stay don't flicker and keep the focus.
  const staying = new Set(nodes);
  for (const node of [...grid.children]) if (!staying.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (grid.children[index] !== node) grid.insertBefore(node, grid.children[index] ?? null);
  });
}

function makeTile(photo) {
  const tile = make("div", { class: "ph-tile", role: "option", draggable: "true", tabindex: "-1", "data-id": photo.id },
    make("img", { loading: "lazy", decoding: "async", alt: "", draggable: "false", src: thumbnail(value.project_id, photo.sha256) }),
    make("span", { class: "ph-tick", "aria-hidden": "true" }, "✓"),
    make("span", { class: "ph-chip ph-like", "aria-hidden": "true" }),
    make("button", { type: "button", class: "ph-enlarge", tabindex: "-1", "aria-label": `Enlarge ${photo.name}` }, "⤢"));
  tiles.set(photo.id, tile);
  return tile;
}

function dress(tile, photo) {
  const label = labelOf(photo.class_id);
  paint(tile, label);
  tile.classList.remove("ph-leaving");
  const like = inDoubt() ? value.classes.find((one) => one.name === value.looks_like[photo.id]) : null;
  const badge = tile.querySelector(".ph-like");
  badge.hidden = !like;
  badge.textContent = like ? `${like.name}?` : "";
  paint(badge, like);
  const words = [photo.name, label?.name, like && `looks like ${like.name}`].filter(Boolean);
  tile.setAttribute("aria-label", words.join(", "));
  tile.title = label ? `${label.name} · ${photo.name}` : photo.name;
}

function paintSelection() {
  if (!value) return;
  for (const [id, tile] of tiles) tile.setAttribute("aria-selected", String(selection.has(id)));
  drawBar();
}

function drawBar() {
  const some = selection.size > 0;
  bar.hidden = !value.total && !value.undo;
  bar.classList.toggle("ph-busy", some);
  const doubt = inDoubt() && value.total ? ` ${value.total === 1 ? "looks" : "look"} like another class` : "";
  count.textContent = some ? `${counted(selection.size, "photo")} chosen` : counted(value.total, "photo") + doubt;
  const key = JSON.stringify([some, value.view, value.undo, value.total, value.classes, wholePage(), wholeView()]);
  if (actions.dataset.key === key) return; // keeps an open menu open
  actions.dataset.key = key;
  const button = (text, act, extra = {}) => make("button", { type: "button", onclick: act, ...extra }, text);
  actions.replaceChildren(...(some ? chosenActions(button) : []), ...chooseActions(button, some), ...undoAction(button));
}

function chosenActions(button) {
  if (inBin()) return [button("Put back", () => decide("restore"), { class: "ph-strong" })];
  const elsewhere = value.classes.some((label) => label.id !== value.view);
  return [elsewhere ? moveMenu() : "", button("Remove", () => decide("bin"), { title: "Put them in the bin (Delete)" })];
}

const wholePage = () => value.photos.length > 0 && value.photos.every((photo) => selection.has(photo.id));
const wholeView = () => selection.size >= value.total;

function chooseActions(button, some) {
  const more = [];
  if (value.total && !wholePage()) {
    const text = value.pages > 1 ? "Choose all on this page" : "Choose all";
    more.push(button(text, () => selection.add(order()), { class: "ph-quiet", title: "Ctrl+A" }));
  } else if (value.pages > 1 && !wholeView()) {
    more.push(button(`Choose all ${value.total.toLocaleString("en")}`, chooseView, { class: "ph-quiet" }));
  }
  if (some) more.push(button("Choose none", () => selection.clear(), { class: "ph-quiet", title: "Esc" }));
  return more;
}

function undoAction(button) {
  if (!value.undo) return [];
  return [make("span", { class: "ph-undo" }, make("span", { class: "ph-what" }, value.undo),
    button("↶ Undo", () => trigger("undo"), { title: "Ctrl+Z", "aria-label": `Undo: ${value.undo}` }))];
}

function moveMenu() {
  const menu = make("details", { class: "ph-menu" }, make("summary", { role: "button", class: "ph-strong" }, "Move to"));
  const items = value.classes.map((label, index) => label.id === value.view ? null : paint(make("button", {
    type: "button", role: "menuitem", class: "ph-chip", title: index < 9 ? `Key ${index + 1}` : null,
    onclick: () => decide("move", selection.ids(), label.id),
  }, make("span", { class: "ph-name" }, label.name)), label)).filter(Boolean);
  menu.append(make("div", { class: "ph-choices", role: "menu", "aria-label": "Move to class" }, items));
  return menu;
}

function drawPager() {
  pager.hidden = value.pages < 2;
  const step = (text, name, page) => make("button", {
    type: "button", "aria-label": name, disabled: page < 0 || page >= value.pages, onclick: () => look(value.view, page),
  }, text);
  const first = value.page * value.page_size + 1;
  const last = first + value.photos.length - 1;
  pager.replaceChildren(
    step("«", "First page", value.page ? 0 : -1), step("‹ Back", "Page before", value.page - 1),
    make("span", {}, `${first.toLocaleString("en")}–${last.toLocaleString("en")} of ${value.total.toLocaleString("en")}`),
    step("More ›", "Next page", value.page + 1), step("»", "Last page", value.page < value.pages - 1 ? value.pages - 1 : -1));
}

function drawEmpty() {
  empty.hidden = value.total > 0;
  const [drawing, title, text] = inBin()
    ? ["🗑️", "The bin is empty", "Photos you remove come here, and can be put back."]
    : inDoubt()
      ? ["👌", "None of them is in doubt any more", "Look through the others too, then train again."]
      : value.kept_count
        ? ["📭", "No photos of this yet", "Add some in the step before, or move photos here."]
        : ["🖼️", "Nothing to look through yet", "Add photos in the step before; they appear here at once."];
  empty.replaceChildren(make("div", { class: "ph-drawing", "aria-hidden": "true" }, drawing),
    make("h3", {}, title), make("p", {}, text));
}

// --- keeping the place ---------------------------------------------------------------------

function keepFocus(before, turned) {
  const hadFocus = grid.contains(document.activeElement) || document.activeElement === document.body;
  if (!byId.has(focused)) {
    const places = before && !turned ? before.photos.map((photo) => photo.id) : [];
    const old = places.indexOf(focused);
    // The next one that is still there, or else the one before.
    const near = [...places.slice(old + 1), ...places.slice(0, Math.max(old, 0)).reverse()].find((id) => byId.has(id));
    focused = near ?? value.photos[0]?.id ?? null;
    if (hadFocus && old >= 0 && shown()) tiles.get(focused)?.focus({ preventScroll: true });
  }
  for (const [id, tile] of tiles) tile.tabIndex = id === focused ? 0 : -1;
}

function scrollToTop() {
  if (shown() && element.getBoundingClientRect().top < headerHeight()) element.scrollIntoView({ block: "start" });
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
  if (!before || before.revision === value.revision || !selection.size) return;
  const away = selection.ids().filter((id) => !byId.has(id));
  if (!away.length) return;
  const asked = value;
  const there = new Set(await server.still_there({ project_id: value.project_id, view: value.view, photo_ids: away }));
  if (asked !== value) return;
  selection.replace(selection.ids().filter((id) => byId.has(id) || there.has(id)));
}

function focusOn(id) {
  if (!tiles.has(id)) return;
  focused = id;
  for (const [other, tile] of tiles) tile.tabIndex = other === id ? 0 : -1;
  tiles.get(id).focus();
}

// --- acting --------------------------------------------------------------------------------

function look(view, page) {
  if (view !== value.view) selection.clear();
  trigger("look", { view, page });
}

async function chooseView() {
  const { project_id, view } = value;
  const ids = await server.every_id({ project_id, view });
  if (value?.project_id === project_id && value.view === view) selection.replace(ids);
}

function decide(action, ids = selection.ids(), target = null) {
  if (!ids.length) return;
  const stays = action === "move" && value.view === "all";
  if (!stays) for (const id of ids) tiles.get(id)?.classList.add("ph-leaving");
  // Should Python refuse, the photos come back into view by themselves.
  setTimeout(() => ids.forEach((id) => tiles.get(id)?.classList.remove("ph-leaving")), 4000);
  selection.clear();
  trigger("decide", { action, photo_ids: ids, class_id: target });
}
