// What to publish, and where: name, who can see it, how it runs, whether photos go along.

import { counted, make, write } from "../../kit/dom.js";

/** @param look called with what was chosen. */
export function makePublishForm({ look }) {
  let place = null; // of which project and account the fields are
  const owner = make("select", { class: "pu-owner", "aria-label": "Whose it is" });
  const owned = make("span", { class: "pu-owner" });
  const name = make("input", { type: "text", class: "pu-name", maxlength: 96, autocomplete: "off", spellcheck: "false", "aria-label": "Name of the page" });
  const kinds = make("div", { class: "pu-kinds" });
  const others = make(
    "details",
    { class: "pu-others" },
    make("summary", {}, make("span", { class: "pu-turn", "aria-hidden": "true" }), "Other ways to run it"),
  );
  const photos = make("input", { type: "checkbox" });
  const photosText = make("span", {});
  const pill = (key, label, about) =>
    make(
      "label",
      { class: "pu-pill" },
      make("input", { type: "radio", name: "pu-visibility", value: key }),
      make("span", {}, make("b", {}, label), make("small", {}, about)),
    );
  const visibility = make("div", { class: "pu-pills" }, pill("public", "Everyone", "can see and use it"), pill("private", "Only me", "for trying it out"));
  const go = make("button", { type: "submit", class: "sp-main" }, "See what will be public");
  const busy = make("p", { class: "sp-quiet", role: "status" });
  const box = make(
    "form",
    {
      class: "pu-form",
      onsubmit: (event) => {
        event.preventDefault();
        look(chosen());
      },
    },
    make(
      "label",
      { class: "pu-part" },
      make("span", { class: "pu-label" }, "Its name"),
      make("span", { class: "pu-place" }, owner, owned, make("span", { "aria-hidden": "true" }, "/"), name),
    ),
    make("fieldset", { class: "pu-part" }, make("legend", { class: "pu-label" }, "Who can see it"), visibility),
    make("fieldset", { class: "pu-part" }, make("legend", { class: "pu-label" }, "How it runs"), kinds, others),
    make("label", { class: "pu-check pu-photos" }, photos, make("span", {}, "Publish my photos too", make("small", {}, photosText))),
    make("div", { class: "sp-go" }, go, busy),
  );

  function chosen() {
    const of = (group) => box.querySelector(`input[name="${group}"]:checked`)?.value;
    return {
      owner: owner.hidden ? owned.textContent : owner.value,
      name: name.value.trim(),
      visibility: of("pu-visibility"),
      kind: of("pu-kind"),
      with_photos: photos.checked,
    };
  }

  function draw(value) {
    busy.hidden = !value.busy;
    write(busy, value.busy || "");
    go.disabled = Boolean(value.busy);
    const now = JSON.stringify([value.project_id, value.account?.name, value.published?.space]);
    if (!value.account || now === place) return; // what was typed stays
    place = now;
    fill(value);
  }

  function fill({ account, settings, kinds: ways, photos: count }) {
    const { owners } = account;
    owner.replaceChildren(...owners.map((one) => make("option", { value: one }, one)));
    owner.value = settings.owner;
    owner.hidden = owners.length < 2;
    owned.hidden = !owner.hidden;
    owned.textContent = account.name;
    name.value = settings.name;
    const cards = ways.map(({ key, label, about }) =>
      make("label", { class: "pu-kind" }, make("input", { type: "radio", name: "pu-kind", value: key }), make("b", {}, label), make("span", {}, about)),
    );
    kinds.replaceChildren(cards[0]);
    others.replaceChildren(others.firstElementChild, ...cards.slice(1));
    pick("pu-kind", settings.kind);
    others.open = ways[0].key !== settings.kind;
    pick("pu-visibility", settings.visibility);
    photos.checked = settings.with_photos;
    photosText.textContent = `${counted(count, "photo")}; only your own, and those whose licence allows it. Without this, none leaves your computer.`;
  }

  function pick(group, key) {
    const input = box.querySelector(`input[name="${group}"][value="${key}"]`);
    if (input) input.checked = true;
  }

  /** Where a refusal leads to: another name, or the way that everyone may use. */
  function turnTo(way) {
    if (way === "static") pick("pu-kind", "static");
    else name.select();
    (way === "static" ? go : name).focus();
  }

  return { box, draw, chosen, turnTo };
}
