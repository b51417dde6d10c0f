// What the grid of photos says: on and about a tile, and where a view has nothing to show.

import { inPercent, make, paint } from "../dom.js";

export const inBin = (value) => value.view === "bin";

/** The further view that is looked at, one of photos that are worth a look; else undefined. */
export const further = (value) => value.further.find((view) => view.name === value.view);

/** What is laid over a tile, and its name and title. @param labelOf the class with an id. */
export function badgesOf(photo, value, labelOf) {
  const label = labelOf(photo.class_id);
  const like = further(value) && photo.answer !== photo.class_id ? labelOf(photo.answer) : null;
  const sure = like && photo.share !== null ? ` ${inPercent(photo.share)}` : "";
  const twin = photo.twin ? labelOf(photo.twin.class_id) : null;
  const badges = [
    photo.text ? make("span", { class: "ph-chip ph-plain ph-like" }, photo.text) : null,
    like
      ? paint(make("span", { class: "ph-chip ph-like" }, make("span", { class: "ph-name" }, like.name), make("span", { class: "ph-number" }, sure)), like)
      : null,
  ].filter(Boolean);
  const words = [
    photo.name,
    label?.name,
    like && `looks like ${like.name}${sure && `,${sure} sure`}`,
    photo.text,
    photo.twin && `near duplicate of ${photo.twin.name}${twin ? ` in ${twin.name}` : ""}`,
    photo.confirmed && "you said this is right",
  ].filter(Boolean);
  const loss = further(value) && photo.loss !== null ? `loss ${photo.loss.toFixed(2)}` : null;
  return { badges, name: words.join(", "), title: [...words.slice(1, 2), words[0], ...words.slice(2), loss].filter(Boolean).join(" · ") };
}

/** What is said where a view has no photos. */
export function nothingHere(value) {
  const [drawing, title, text] = inBin(value)
    ? ["🗑️", "The bin is empty", "Photos you remove come here, and can be put back."]
    : further(value)
      ? ["👌", "Nothing left here", further(value).empty]
      : value.view === "chosen"
        ? ["📭", "No photos are chosen", "Choose some in another view; they stay chosen wherever you look."]
        : value.kept_count
          ? ["📭", "No photos of this yet", "Add some in the step before, or move photos here."]
          : ["🖼️", "Nothing to look through yet", "Add photos in the step before; they appear here at once."];
  return [make("div", { class: "ph-drawing", "aria-hidden": "true" }, drawing), make("h3", {}, title), make("p", {}, text)];
}
