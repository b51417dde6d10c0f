// The form of a search on the web. Its words belong to the chosen class, its options to all.
// Events: 'kept' (what is wanted is different now), 'find', 'contact'.

import { make, paint } from "../../../kit/dom.js";
import { makeKeeping } from "../../../kit/keeping.js";
import { makeOptions } from "./finder_options.js";
import { makeWords } from "./finder_words.js";

export function start({ element, trigger, props, server, watch }) {
  let value = null;
  let settings = null; // as they are seen here
  let settingsOf = null;
  const keeping = makeKeeping(server.keep);

  const words = makeWords({ change, labelOf: () => value?.label });
  const options = makeOptions({ change, reach: (contact) => trigger("contact", { contact }) });
  const main = make("button", { type: "button", class: "fi-main", onclick: () => find(false) });
  const all = make("button", { type: "button", class: "ph-quiet fi-all", onclick: () => find(true) });
  const busy = make("p", { class: "fi-quiet fi-busy", role: "status" });
  const credits = make("a", { target: "_blank", rel: "noopener", hidden: true }, "Where these photos come from");
  const form = make(
    "section",
    { class: "finder", "aria-label": "Find photos on the web", hidden: true },
    make("div", { class: "fi-ask" }, make("p", { class: "fi-title" }, "Search the web for"), words.box, words.variety),
    make("div", { class: "fi-go" }, main, all, busy),
    options.details,
    make("p", { class: "fi-rights" }, "Photos belong to those who made them. Where each one comes from is written down. ", credits),
  );
  element.replaceChildren(form);

  function draw() {
    value = props.value;
    form.hidden = !value || !value.label;
    if (form.hidden) return;
    const place = `${value.project_id} ${value.label.id}`;
    if (place !== settingsOf || keeping.settled) settings = value.settings;
    settingsOf = place;
    drawAll();
  }

  function drawAll() {
    const { label, lacking, go_on, go_on_all } = value;
    paint(form, label);
    words.draw(settings, value);
    options.draw(settings, value);
    const full = label.count >= settings.count;
    const name = make("span", { class: "fi-name" }, label.name);
    const verb = full ? "Find more photos of " : go_on ? "Go on with " : "Find photos of ";
    main.replaceChildren(make("span", { class: "fi-verb" }, verb), name);
    // With enough photos here, or after a stop in the middle of all, the others are what to do next.
    const others = (full || go_on_all) && lacking.length > 0;
    main.classList.toggle("fi-strong", value.strong && !others);
    all.classList.toggle("fi-strong", value.strong && others);
    const every = go_on_all ? "Go on with all classes" : "Find for all classes";
    all.textContent = lacking.length === 1 ? `Find photos of ${lacking[0]}` : every;
    all.hidden = lacking.length < 2 && !others;
    main.disabled = all.disabled = Boolean(value.busy);
    busy.textContent = value.busy || "";
    busy.hidden = !value.busy;
    credits.hidden = !value.credits;
    if (value.credits) credits.href = value.credits;
  }

  /** Show a change at once, and let Python keep it. */
  async function change(difference) {
    settings = { ...settings, ...difference };
    drawAll();
    try {
      const { refused } = await keeping.keep({ project_id: value.project_id, class_id: value.label.id, settings });
      if (refused) complain(refused);
    } catch {
      complain("This could not be kept. Is the app still running?");
    }
    if (!keeping.waits) trigger("kept", {});
  }

  /** What was refused goes back to how it was. */
  function complain(sentence) {
    keeping.yield();
    busy.textContent = sentence;
    busy.hidden = false;
  }

  async function find(every) {
    words.take(); // what was typed and not sent counts
    // As it was pressed: while it is being kept, somebody may go to another class.
    const asked = { class_id: value.label.id, all: every, more: !every && value.label.count >= settings.count, settings };
    await keeping.done;
    trigger("find", asked);
  }

  watch("value", draw);
  draw();
}
