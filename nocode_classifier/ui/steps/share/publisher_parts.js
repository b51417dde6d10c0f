// What will be public, before it is; and the page that is there.

import { counted, make, write } from "../../kit/dom.js";
import { makeAddress, makeCode, moment } from "../../kit/panel.js";

/** @param publish it; @param back to the form. */
export function makeReview({ publish, back }) {
  const title = make("h3", { class: "pu-space" });
  const facts = make("ul", { class: "pu-facts" });
  const classes = make("ul", { class: "pu-classes" });
  const files = make("table", { class: "pu-files" });
  const summary = make("summary", {});
  const go = make("button", {
    type: "button",
    class: "sp-main",
    onclick: () => {
      go.disabled = true;
      publish();
    },
  });
  const change = make(
    "button",
    {
      type: "button",
      class: "sp-side",
      onclick: () => {
        change.disabled = true;
        back();
      },
    },
    "Change something",
  );
  const box = make(
    "div",
    { class: "pu-review" },
    make("p", { class: "pu-label" }, "This will be public"),
    title,
    facts,
    make("details", {}, make("summary", {}, "Names and hints"), classes),
    make("details", {}, summary, files),
    make("div", { class: "sp-go" }, go, change),
  );
  let drawn = null;

  function draw(draft, busy) {
    box.hidden = !draft;
    if (!draft) return;
    go.disabled = change.disabled = Boolean(busy);
    const key = JSON.stringify(draft);
    if (drawn === key) return;
    drawn = key;
    const who = draft.private ? "Only you will see this" : "This will be public";
    write(box.firstElementChild, who);
    title.textContent = draft.space;
    go.textContent = draft.updates ? "Publish again" : draft.private ? "Publish for me" : "Publish now";
    facts.replaceChildren(
      ...(draft.updates ? [make("li", { class: "pu-update" }, "What you published there before is brought up to date.")] : []),
      ...draft.sentences.slice(1).map((sentence) => make("li", {}, sentence)),
    );
    classes.replaceChildren(...draft.classes.map(({ name, hints }) => make("li", {}, make("b", {}, name), ...hints.map((hint) => make("span", {}, hint)))));
    write(summary, `${counted(draft.files.length, "file")}, ${draft.size}`);
    files.replaceChildren(
      make(
        "tbody",
        {},
        draft.files.map(({ path, size }) => make("tr", {}, make("td", {}, path), make("td", {}, size))),
      ),
    );
  }

  return { box, draw };
}

/** The page that is there; @param again publishes it anew. */
export function makeThere({ again }) {
  const address = makeAddress("Address of your page");
  const code = makeCode();
  const title = make("h3", { class: "pu-space", role: "status" });
  const when = make("p", { class: "sp-quiet" });
  const space = make("a", { target: "_blank", rel: "noopener" }, "Its page at Hugging Face");
  const changed = make("p", { class: "sp-note" }, "You have changed the classifier since. Publish again to bring the page up to date.");
  const go = make("button", { type: "button", onclick: again });
  const box = make(
    "div",
    { class: "pu-there" },
    code.box,
    make("div", { class: "pu-there-text" }, title, address.row, when, changed, make("div", { class: "sp-go" }, go)),
  );

  function draw(published, value) {
    box.hidden = !published;
    if (!published) return;
    write(title, published.private ? "It is there, for you alone" : "Your page is on the web");
    address.set(published.address);
    code.set(published.private ? "" : published.qr);
    space.href = published.url;
    when.replaceChildren(`Published on ${moment(published.at)}. `, space);
    changed.hidden = !published.changed;
    go.textContent = "Publish again";
    go.className = published.changed ? "sp-main" : "sp-side";
    go.disabled = Boolean(value.busy);
  }

  return { box, draw };
}
