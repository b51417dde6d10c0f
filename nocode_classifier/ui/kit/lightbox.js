// One photo, large, over the page. The browser's own dialog keeps the keyboard inside and knows Esc.

import { make, paint, thumbnail } from "./dom.js";

/**
 * @param move called with -1 or 1; returns the photo to show next, or null at the end.
 * @param decide called with "bin" or "restore" for the photo on show.
 */
export function makeLightbox({ move, decide, labelOf, projectOf, closed }) {
  let photo = null;
  const picture = make("img", { class: "ph-big", alt: "" });
  const caption = make("p", { class: "ph-caption" });
  const remove = make("button", { type: "button", class: "ph-quiet" });
  const dialog = make(
    "dialog",
    { class: "ph-lightbox", "aria-label": "Photo, enlarged" },
    make("button", { type: "button", class: "ph-corner", "aria-label": "Close", onclick: () => dialog.close() }, "✕"),
    make("button", { type: "button", class: "ph-arrow ph-left", "aria-label": "Previous photo", onclick: () => walk(-1) }, "‹"),
    picture,
    make("button", { type: "button", class: "ph-arrow ph-right", "aria-label": "Next photo", onclick: () => walk(1) }, "›"),
    make("div", { class: "ph-below" }, caption, remove),
  );

  function show(next) {
    photo = next;
    const label = labelOf(photo);
    // The small picture is already here, so it stands in until the large one has come.
    picture.style.backgroundImage = `url("${thumbnail(projectOf(), photo.sha256)}")`;
    picture.style.aspectRatio = `${photo.width} / ${photo.height}`;
    picture.src = `/photos/${projectOf()}/${photo.sha256}`;
    picture.alt = photo.name;
    caption.replaceChildren(
      label ? paint(make("span", { class: "ph-chip" }, label.name), label) : "",
      make("span", {}, `${photo.name} · ${photo.width} × ${photo.height}`),
      photo.origin
        ? make(
            "span",
            { class: "ph-origin" },
            photo.page ? make("a", { href: photo.page, target: "_blank", rel: "noopener noreferrer" }, photo.origin) : photo.origin,
          )
        : "",
    );
    remove.textContent = photo.binned ? "Put back" : "Remove";
    remove.onclick = () => act(photo.binned ? "restore" : "bin");
    if (!dialog.open) dialog.showModal();
  }

  function walk(step) {
    const next = move(photo, step);
    if (next) show(next);
  }

  function act(action) {
    const done = photo;
    const next = move(done, 1) || move(done, -1);
    decide(action, [done.id]);
    if (next) show(next);
    else dialog.close();
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") walk(-1);
    else if (event.key === "ArrowRight") walk(1);
    else if ((event.key === "Delete" || event.key === "Backspace") && !photo.binned) act("bin");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => closed(photo));
  return { dialog, show };
}
