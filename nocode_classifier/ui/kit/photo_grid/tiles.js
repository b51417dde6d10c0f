// The tiles of the grid of photos. Only what changed is touched: pictures that stay don't flicker
// and keep the focus.

import { arrange, make, paint, thumbnail } from "../dom.js";
import { badgesOf } from "./words.js";

/** @param tiles a map that is filled, by the photo's id. @param labelOf the class with an id. */
export function makeTiles(tiles, labelOf) {
  const grid = make("div", { class: "ph-grid", role: "listbox", "aria-multiselectable": "true", "aria-label": "Photos" });

  function draw(value) {
    const nodes = value.photos.map((photo) => madeBefore(photo) ?? makeTile(photo, value.project_id));
    const there = new Set(value.photos.map((photo) => photo.id));
    for (const id of tiles.keys()) if (!there.has(id)) tiles.delete(id);
    value.photos.forEach((photo, index) => dress(nodes[index], photo, value));
    grid.classList.toggle(
      "ph-pairs",
      value.photos.some((photo) => photo.twin),
    );
    arrange(grid, nodes);
  }

  /** A pair in one view may be a single photo in another. */
  function madeBefore(photo) {
    const tile = tiles.get(photo.id);
    return tile?.dataset.twin === (photo.twin?.sha256 ?? "") ? tile : undefined;
  }

  function makeTile(photo, project) {
    const picture = (sha256) => make("img", { loading: "lazy", decoding: "async", alt: "", draggable: "false", src: thumbnail(project, sha256) });
    const tile = make(
      "div",
      { class: "ph-tile", role: "option", draggable: "true", tabindex: "-1", "data-id": photo.id, "data-twin": photo.twin?.sha256 ?? "" },
      picture(photo.sha256),
      photo.twin ? make("span", { class: "ph-twin" }, picture(photo.twin.sha256)) : null,
      make("span", { class: "ph-badges", "aria-hidden": "true" }),
      make("span", { class: "ph-tick", "aria-hidden": "true" }, "✓"),
      make("span", { class: "ph-confirmed", title: "You said this is right" }, "✓"),
      make("button", { type: "button", class: "ph-enlarge", tabindex: "-1", "aria-label": `Enlarge ${photo.name}` }, make("span", {}, "⤢")),
    );
    tiles.set(photo.id, tile);
    return tile;
  }

  function dress(tile, photo, value) {
    const label = labelOf(photo.class_id);
    const twinLabel = photo.twin && labelOf(photo.twin.class_id);
    const { badges, name, title } = badgesOf(photo, value, labelOf);
    const key = JSON.stringify([label, twinLabel, name, title, photo.confirmed]);
    if (tile.dataset.key === key) return;
    tile.dataset.key = key;
    paint(tile, label);
    tile.setAttribute("aria-label", name);
    tile.title = title;
    tile.querySelector(".ph-confirmed").hidden = !photo.confirmed;
    tile.querySelector(".ph-badges").replaceChildren(...badges);
    const twin = tile.querySelector(".ph-twin");
    if (twin) paint(twin, twinLabel);
  }

  return { grid, draw };
}
