// The phrases to search for, as chips with a field to add more, and the switches for variety.

import { make } from "../../../kit/dom.js";

/**
 * @param change called with what is different in the settings.
 * @param labelOf the chosen class; its name is searched for where no words are given.
 */
export function makeWords({ change, labelOf }) {
  let settings = null;
  let draftOf = null; // the class that the text in the field is meant for
  let most = 20; // phrases at once, each with each variation
  let unfolded = false;
  const LONGEST = 200;

  const chips = make("span", { class: "fi-chips", role: "list", "aria-label": "Searched for" });
  const field = make("input", {
    type: "text",
    class: "fi-field",
    maxlength: LONGEST,
    autocomplete: "off",
    enterkeyhint: "done",
    "aria-label": "Add search words",
    oninput: () => {
      draftOf = labelOf()?.id;
    },
    onkeydown: onKey,
    onpaste: onPaste,
    onblur: () => setTimeout(() => document.activeElement === field || take(), 250),
  });
  const box = make("div", { class: "fi-words", onclick: (event) => event.target === box && field.focus() }, chips, field);
  const variety = make("div", { class: "fi-variety", role: "group", "aria-label": "For variety" });

  /** The phrases as they are searched for: the name of the class unless others were given. */
  const phrases = () => (settings.own.length ? settings.own : [labelOf().name]);
  const same = (one, other) => one.toLowerCase() === other.toLowerCase();

  function draw(now, { suggestions, most_words }) {
    settings = now;
    most = most_words;
    const only = phrases().length === 1;
    const plain = !settings.own.length;
    chips.replaceChildren(
      ...phrases().map((phrase) =>
        make(
          "span",
          { class: "fi-chip", role: "listitem" },
          make("span", { class: "fi-phrase", title: phrase }, phrase),
          only && plain ? null : make("button", { type: "button", "aria-label": `Don't search for ${phrase}`, onclick: () => drop(phrase) }, "✕"),
        ),
      ),
    );
    field.placeholder = plain ? "other words…" : "more words…";
    drawVariety(suggestions);
  }

  function drawVariety(suggestions) {
    const had = variety.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const shown = suggestions.filter(({ key, first }) => unfolded || first || settings.on.includes(key));
    const groups = unfolded ? [...new Set(shown.map(({ group }) => group))] : ["Also"];
    variety.hidden = !suggestions.length;
    variety.replaceChildren(
      ...groups.map((group) =>
        make(
          "div",
          { class: "fi-line" },
          make("span", { class: "fi-quiet" }, group),
          ...shown.filter((one) => !unfolded || one.group === group).map(toggle),
          unfolded && group !== groups.at(-1)
            ? null
            : make(
                "button",
                {
                  type: "button",
                  class: "ph-quiet fi-more",
                  "data-key": "unfold",
                  "aria-expanded": String(unfolded),
                  onclick: () => {
                    unfolded = !unfolded;
                    drawVariety(suggestions);
                  },
                },
                unfolded ? "Fewer" : "More",
              ),
        ),
      ),
    );
    if (had) variety.querySelector(`[data-key="${had}"]`)?.focus({ preventScroll: true });
  }

  function toggle({ key, label }) {
    const on = settings.on.includes(key);
    const full = !on && phrases().length * (settings.on.length + 2) > most;
    return make(
      "button",
      {
        type: "button",
        class: "fi-toggle",
        "data-key": key,
        "aria-pressed": String(on),
        disabled: full,
        title: full ? `At most ${most} searches at once` : null,
        onclick: () => turn(key),
      },
      label,
    );
  }

  function drop(phrase) {
    change({ own: phrases().filter((other) => other !== phrase) });
    field.focus();
  }

  function turn(key) {
    take(); // what is still being typed is varied as well
    change({ on: settings.on.includes(key) ? settings.on.filter((other) => other !== key) : [...settings.on, key] });
  }

  /** Take what stands in the field as phrases; what was typed for another class stays there. */
  function take() {
    if (draftOf !== null && draftOf !== labelOf()?.id) return forget();
    const typed = field.value
      .split(/[,;\n]/)
      .map((phrase) => phrase.trim().replace(/\s+/g, " "))
      .filter(Boolean);
    forget();
    const fresh = typed.filter((phrase, at) => !phrases().some((other) => same(other, phrase)) && typed.findIndex((other) => same(other, phrase)) === at);
    const room = Math.floor(most / (settings.on.length + 1)) - phrases().length;
    if (fresh.length && room > 0) change({ own: [...phrases(), ...fresh.slice(0, room)] });
  }

  function forget() {
    field.value = "";
    draftOf = null;
  }

  function onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !field.value && settings.own.length) drop(settings.own.at(-1));
    else if (event.key === "Escape") forget();
  }

  /** A list that is pasted becomes a chip a line. */
  function onPaste(event) {
    const text = event.clipboardData.getData("text");
    if (!text.trim().includes("\n")) return;
    event.preventDefault();
    field.value = text;
    take();
  }

  return { box, variety, draw, take, focus: () => field.focus() };
}
