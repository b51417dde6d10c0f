// One photo, large, over the page. The browser's own dialog keeps the keyboard inside and knows Esc.

import { inPercent, make, paint, thumbnail } from "../dom.js";
import { moveMenu } from "./bars.js";
import { makeHeat } from "./heat.js";
import { further } from "./words.js";

/**
 * @param pageOf what the grid shows just now. @param labelOf the class with an id.
 * @param decide called with "move", "bin", "restore" or "confirm", ids and a class to move to.
 */
export function makeLightbox({ pageOf, labelOf, decide, closed }) {
  let photo = null;
  const picture = make("img", { class: "ph-big", alt: "" });
  const heat = makeHeat(labelOf);
  const frame = make("div", { class: "ph-frame" }, picture, heat.layer);
  const other = make("img", { class: "ph-big", alt: "" });
  const otherName = make("figcaption", { class: "ph-caption" });
  const twin = make("figure", { class: "ph-frame", hidden: true }, other, otherName);
  const stage = make("div", { class: "ph-stage" }, frame, twin);
  const caption = make("p", { class: "ph-caption", role: "status" });
  const small = make("p", { class: "ph-caption ph-small" });
  const deeds = make("div", { class: "ph-deeds" });
  const arrow = (name, side, sign, step) =>
    make("button", { type: "button", class: `ph-arrow ph-${side}`, "aria-label": name, onclick: () => walk(step) }, sign);
  const previous = arrow("Previous photo", "left", "‹", -1);
  const next = arrow("Next photo", "right", "›", 1);
  const dialog = make(
    "dialog",
    { class: "ph-lightbox", "aria-label": "Photo, enlarged" },
    make("button", { type: "button", class: "ph-corner", "aria-label": "Close", onclick: () => dialog.close() }, "✕"),
    previous,
    stage,
    next,
    make("div", { class: "ph-below" }, caption, heat.legend, deeds, small),
  );
  const chipOf = (label) => paint(make("span", { class: "ph-chip" }, make("span", { class: "ph-name" }, label.name)), label);
  const place = () => pageOf().photos.findIndex((one) => one.id === photo.id);
  const neighbour = (step) => pageOf().photos[place() + step] ?? null;

  function show(asked) {
    photo = asked;
    const { project_id } = pageOf();
    put(picture, frame, photo, project_id);
    twin.hidden = !photo.twin;
    if (photo.twin) {
      put(other, twin, photo.twin, project_id);
      const label = labelOf(photo.twin.class_id);
      otherName.replaceChildren(label ? chipOf(label) : "", photo.twin.name);
    }
    drawWords();
    heat.show(photo, pageOf());
    previous.disabled = !neighbour(-1);
    next.disabled = !neighbour(1);
    if (!dialog.open) dialog.showModal();
    const after = neighbour(1);
    if (after) new Image().src = `/photos/${project_id}/${after.sha256}`;
  }

  function put(image, box, { sha256, width, height, name }, project) {
    // The small picture is already here, so it stands in until the large one has come.
    image.style.backgroundImage = `url("${thumbnail(project, sha256)}")`;
    box.style.setProperty("--ratio", width / height);
    const address = `/photos/${project}/${sha256}`;
    if (image.getAttribute("src") !== address) image.src = address;
    image.alt = name;
  }

  function drawWords() {
    const own = labelOf(photo.class_id);
    const said = labelOf(photo.answer);
    const sure = photo.share === null ? "" : `, ${inPercent(photo.share)} sure`;
    caption.replaceChildren(
      ...(own ? [make("span", {}, photo.binned ? "In the bin; it was in" : "In"), chipOf(own)] : []),
      ...(said ? [make("span", {}, "· The model says"), chipOf(said), make("span", {}, sure.slice(2))] : []),
      ...(photo.confirmed ? [make("span", { class: "ph-said" }, "✓ You said this is right")] : []),
      ...(photo.text ? [make("span", {}, `· ${photo.text}`)] : []),
    );
    const facts = [photo.name, `${photo.width} × ${photo.height}`, photo.loss === null ? "" : `loss ${photo.loss.toFixed(2)}`];
    const origin = photo.page ? make("a", { href: photo.page, target: "_blank", rel: "noopener noreferrer" }, photo.origin) : photo.origin;
    small.replaceChildren(
      make("span", {}, `${place() + 1} of ${pageOf().photos.length} · ${facts.filter(Boolean).join(" · ")}`),
      photo.origin ? make("span", { class: "ph-origin" }, origin) : "",
    );
    drawDeeds();
  }

  function drawDeeds() {
    const { classes } = pageOf();
    const deed = (text, key, act, extra = {}) =>
      make("button", { type: "button", title: `Key ${key}`, onclick: act, ...extra }, text, make("kbd", { "aria-hidden": "true" }, key));
    const had = deeds.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
    const elsewhere = classes.filter((label) => label.id !== photo.class_id);
    const nodes = photo.binned
      ? [make("button", { type: "button", onclick: () => act("restore") }, "Put back")]
      : [
          further(pageOf()) ? deed("Right as it is", "R", () => act("confirm"), { "data-deed": "confirm", class: "ph-yes" }) : null,
          elsewhere.length ? moveMenu(classes, elsewhere, (label) => act("move", label.id)) : null,
          deed("Remove", "Del", () => act("bin"), { "data-deed": "bin" }),
        ];
    deeds.replaceChildren(...[...nodes, heat.press].filter(Boolean));
    if (had) deeds.querySelector(`[data-deed=${had}]`)?.focus();
  }

  function walk(step) {
    const there = neighbour(step);
    if (there) show(there);
  }

  function act(action, target = null) {
    const done = photo;
    const then = neighbour(1) ?? neighbour(-1);
    decide(action, [done.id], target);
    const still = pageOf().photos.find((one) => one.id === done.id);
    if (still ?? then) show(still ?? then);
    else dialog.close();
  }

  /** The grid has another page, or knows more about the same photos. */
  function refresh() {
    const same = dialog.open && pageOf().photos.find((one) => one.id === photo.id);
    if (same && JSON.stringify(same) !== JSON.stringify(photo)) show(same);
  }

  const openMenu = () => deeds.querySelector("details[open]");
  const keys = {
    ArrowLeft: () => walk(-1),
    ArrowRight: () => walk(1),
    Delete: () => photo.binned || act("bin"),
    Backspace: () => photo.binned || act("bin"),
    r: () => further(pageOf()) && !photo.binned && act("confirm"),
    h: () => heat.press.hidden || heat.press.click(),
  };
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const label = /^[1-9]$/.test(event.key) && !photo.binned && pageOf().classes[Number(event.key) - 1];
    const press = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (label) {
      if (label.id !== photo.class_id) act("move", label.id);
    } else if (press) press();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  dialog.addEventListener("cancel", (event) => {
    const open = openMenu();
    if (!open) return;
    event.preventDefault();
    open.open = false;
  });
  dialog.addEventListener("click", (event) => {
    const open = openMenu();
    if (open && !open.contains(event.target)) open.open = false;
    else if (event.target === dialog || event.target === stage) dialog.close();
  });
  dialog.addEventListener("close", () => closed(photo));
  return { dialog, show, refresh };
}
