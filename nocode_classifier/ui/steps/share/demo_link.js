// A link under which others try the classifier: closed, being opened, open, or refused.
// Events: 'open', 'close', 'stop'.

import { make, write } from "../../kit/dom.js";
import { chooseShare, makeAddress, makeCode, makeWork, moment } from "../../kit/panel.js";

export function start({ element, trigger, props, watch }) {
  let value = null;

  const YES = ["upload a photo, or hold things up to their camera", "see the answer, how sure it is, and your hint"];
  const SAFE = ["they see this classifier, and nothing else of yours", "their photos are looked at and not kept"];
  const list = (title, kind, lines) =>
    make(
      "div",
      { class: `dl-list dl-${kind}` },
      make("h3", {}, title),
      make(
        "ul",
        {},
        lines.map((line) => make("li", {}, line)),
      ),
    );
  const visitors = make("div", { class: "dl-visitors" }, list("Visitors can", "yes", YES), list("Safe to share", "safe", SAFE));

  // --- closed --------------------------------------------------------------------------------

  const lead = "Whoever has the link can try your classifier in their browser. It works for three days at most, and only while this app is open.";
  const begin = make("button", { type: "button", class: "sp-main", onclick: () => ask("public") }, "Open a link");
  const near = make("button", { type: "button", class: "sp-plain", onclick: () => ask("local") }, "Only for people in my network");
  const busy = make("p", { class: "sp-quiet" });
  const problem = make("p", { class: "sp-problem", role: "alert" });
  const nearInstead = make("button", { type: "button", class: "sp-main", onclick: () => ask("local") }, "Share in my own network");
  const again = make("button", { type: "button", class: "sp-side", onclick: () => ask(value.way) }, "Try again");
  const others = make(
    "p",
    { class: "sp-quiet" },
    "Or ",
    make("button", { type: "button", class: "dl-other", onclick: () => chooseShare("publish") }, "publish a page"),
    " that stays, or ",
    make("button", { type: "button", class: "dl-other", onclick: () => chooseShare("files") }, "take it with you"),
    " as files.",
  );
  const closed = make(
    "div",
    { class: "dl-closed" },
    make(
      "div",
      { class: "dl-text" },
      make("h2", { class: "sp-title" }, "A link for friends"),
      make("p", { class: "sp-lead" }, lead),
      problem,
      make("div", { class: "sp-go" }, begin, nearInstead, again, near),
      busy,
      others,
    ),
  );

  // --- open ----------------------------------------------------------------------------------

  const title = make("h2", { class: "sp-title", role: "status" });
  const how = make("p", { class: "sp-lead" });
  const address = makeAddress("Address for others");
  const code = makeCode();
  const until = make("p", { class: "sp-quiet" });
  const changed = make(
    "div",
    { class: "sp-note dl-changed" },
    make("span", {}, "It still shows the classifier as it was before your last change."),
    make("button", { type: "button", onclick: () => ask(value.open.way) }, "Open it anew"),
  );
  const stop = make(
    "button",
    {
      type: "button",
      class: "sp-side",
      onclick: () => {
        stop.disabled = true;
        trigger("close", {});
      },
    },
    "Stop sharing",
  );
  const wider = make("button", { type: "button", class: "sp-plain", onclick: () => ask("public") }, "Open it to the internet instead");
  const open = make(
    "div",
    { class: "dl-open" },
    code.box,
    make("div", { class: "dl-text" }, title, how, address.row, until, changed, make("div", { class: "sp-go" }, stop, wider)),
  );

  const work = makeWork(() => trigger("stop", {}));
  const panel = make("section", { class: "sp-panel", "aria-label": "A link for friends", hidden: true }, closed, work.box, open, visitors);
  element.replaceChildren(panel);

  function draw() {
    value = props.value;
    panel.hidden = !value;
    if (!value) return;
    closed.hidden = Boolean(value.open || value.work);
    open.hidden = !value.open;
    work.set(value.work);
    drawClosed();
    if (value.open) drawOpen(value.open);
  }

  function drawClosed() {
    const blocked = value.problem && value.way === "public";
    write(problem, value.problem);
    problem.hidden = others.hidden = !value.problem;
    begin.hidden = near.hidden = Boolean(value.problem);
    nearInstead.hidden = !blocked;
    again.hidden = !value.problem;
    again.className = blocked ? "sp-side" : "sp-main";
    for (const button of [begin, near, nearInstead, again]) button.disabled = Boolean(value.busy);
    busy.hidden = !value.busy;
    write(busy, value.busy || "");
  }

  function drawOpen({ way, address: where, qr, ends_at, changed: old }) {
    const everyone = way === "public";
    write(title, everyone ? "Your link is open" : "Open in your network");
    write(
      how,
      everyone
        ? "Send it to friends, or let them point their phone at the code."
        : "Whoever is in the same Wi-Fi or network as this computer can use it. A phone's live camera needs the public link; taking a photo works.",
    );
    address.set(where);
    code.set(qr);
    write(
      until,
      ends_at
        ? `It works until ${moment(ends_at)} at the latest, and only while this app is open on this computer.`
        : "It works while this app is open on this computer.",
    );
    changed.hidden = !old;
    wider.hidden = everyone;
    stop.disabled = wider.disabled = Boolean(value.busy);
  }

  function ask(way) {
    for (const button of [begin, near, nearInstead, again, wider]) button.disabled = true;
    trigger("open", { way });
  }

  watch("value", draw);
  draw();
}
