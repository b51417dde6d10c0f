// The quiet part of a search: where to look, which licence, how many, and who is asking.

import { counted, make } from "../../../kit/dom.js";

const MOST = 10000;

/** @param change called with what is different in the settings; @param reach with a new contact. */
export function makeOptions({ change, reach }) {
  let settings = null;
  let drawn = null;
  const summary = make("span", { class: "fi-quiet" });
  const sources = make("div", { class: "fi-sources" });
  const licences = make("div", { class: "fi-pills" });
  const licence_about = make("p", { class: "fi-quiet" });
  const number = make("input", {
    type: "number",
    min: 1,
    max: MOST,
    step: 10,
    inputmode: "numeric",
    "aria-label": "Photos of each class",
    onchange: () => count(Number(number.value)),
  });
  const fewer = make(
    "button",
    { type: "button", "aria-label": "Fewer photos", onclick: () => count(rounded(settings.count) - stride(settings.count - 1)) },
    "−",
  );
  const more = make("button", { type: "button", "aria-label": "More photos", onclick: () => count(rounded(settings.count) + stride(settings.count)) }, "+");
  const only = make("input", { type: "checkbox", role: "switch", onchange: () => change({ photos_only: only.checked }) });
  const contact = make("input", {
    type: "text",
    class: "fi-contact",
    maxlength: 200,
    autocomplete: "email",
    inputmode: "email",
    placeholder: "you@example.org",
    onchange: () => reach(contact.value.trim()),
  });
  const details = make(
    "details",
    { class: "fi-options" },
    make("summary", {}, make("span", { class: "fi-turn", "aria-hidden": "true" }), make("span", {}, "Options"), summary),
    make(
      "div",
      { class: "fi-option-list" },
      make("fieldset", {}, make("legend", {}, "Where to look"), sources),
      make("fieldset", {}, make("legend", {}, "What you may do with the photos"), licences, licence_about),
      make(
        "div",
        { class: "fi-pair" },
        make("fieldset", {}, make("legend", {}, "How many of each class"), make("div", { class: "fi-stepper" }, fewer, number, more)),
        make(
          "fieldset",
          {},
          make("legend", {}, "What kind"),
          make("label", { class: "fi-switch" }, only, make("span", {}, "Photos only, no drawings or logos")),
        ),
      ),
      make(
        "label",
        { class: "fi-reach" },
        make("span", {}, "Your e-mail or web page"),
        contact,
        make("span", { class: "fi-quiet" }, "Told to the services that are searched; Wikimedia asks for it. Leave it empty to stay unnamed."),
      ),
    ),
  );

  const stride = (from) => (from < 50 ? 10 : from < 200 ? 50 : from < 1000 ? 100 : 500);
  const rounded = (from) => (from % 10 ? Math.round(from / 10) * 10 : from);

  function count(wanted) {
    const next = Math.min(MOST, Math.max(1, Math.round(wanted) || settings.count));
    number.value = next;
    if (next !== settings.count) change({ count: next });
  }

  function draw(now, value) {
    settings = now;
    const licence = value.licences.find(({ key }) => key === settings.licence) || value.licences[0];
    const places = settings.sources.length === 1 ? value.sources.find(({ key }) => key === settings.sources[0])?.label : `${settings.sources.length} places`;
    summary.textContent = [`up to ${counted(settings.count, "photo")}`, places, licence.label.toLowerCase(), settings.photos_only ? null : "drawings too"]
      .filter(Boolean)
      .join(" · ");
    if (drawn !== JSON.stringify([value.sources, value.licences])) build(value);
    for (const box of sources.querySelectorAll("input")) box.checked = settings.sources.includes(box.value);
    for (const pill of licences.querySelectorAll("input")) pill.checked = pill.value === settings.licence;
    licence_about.textContent = licence.about;
    if (document.activeElement !== number) number.value = settings.count;
    if (document.activeElement !== contact) contact.value = value.contact;
    only.checked = settings.photos_only;
  }

  function build(value) {
    drawn = JSON.stringify([value.sources, value.licences]);
    sources.replaceChildren(
      ...value.sources.map(({ key, label, about }) =>
        make(
          "label",
          { class: "fi-source" },
          make("input", { type: "checkbox", value: key, onchange: chooseSources }),
          make("b", {}, label),
          make("span", {}, about),
        ),
      ),
    );
    licences.replaceChildren(
      ...value.licences.map(({ key, label }) =>
        make(
          "label",
          { class: "fi-pill" },
          make("input", { type: "radio", name: "fi-licence", value: key, onchange: () => change({ licence: key }) }),
          make("span", {}, label),
        ),
      ),
    );
  }

  function chooseSources(event) {
    const chosen = [...sources.querySelectorAll("input:checked")].map((box) => box.value);
    if (chosen.length) return change({ sources: chosen });
    event.target.checked = true; // nothing can be found nowhere
  }

  return { details, draw };
}
