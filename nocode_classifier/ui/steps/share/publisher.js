// Publishing a page: sign in, choose, look at what will be public, publish, see it there.
// Events: 'browser', 'signed', 'leave', 'look', 'back', 'publish', 'stop'.

import { make } from "../../kit/dom.js";
import { chooseShare, makeWork } from "../../kit/panel.js";
import { makeAccount } from "./publisher_account.js";
import { makePublishForm } from "./publisher_form.js";
import { makeReview, makeThere } from "./publisher_parts.js";

export function start({ element, trigger, props, server, watch }) {
  let value = null;
  let editing = false; // the form is wanted although something is published
  let put_away = null; // the problem that was read

  const WAYS_ON = {
    again: ["Try again", () => (value.draft ? trigger("publish", {}) : trigger("look", form.chosen()))],
    "sign-in": [
      "Sign in again",
      () => {
        put();
        trigger("leave", { forget: false });
      },
    ],
    rename: ["Choose another name", () => backTo("rename")],
    static: ["Publish as a page that runs by itself", () => backTo("static")],
    files: ["Export the page instead", () => chooseShare("files")],
  };

  const account = makeAccount({
    ask: (what) => server.sign_in(what),
    said: () => trigger("signed", {}),
    browser: (keep) => trigger("browser", { keep }),
    leave: (forget) => trigger("leave", { forget }),
  });
  const form = makePublishForm({
    look: (chosen) => {
      put();
      trigger("look", chosen);
    },
  });
  const review = makeReview({
    publish: () => {
      put();
      trigger("publish", {});
    },
    back: () => {
      editing = true;
      trigger("back", {});
    },
  });
  const there = makeThere({
    again: () => {
      editing = true;
      draw();
      form.box.scrollIntoView({ behavior: "smooth", block: "nearest" });
    },
  });
  const work = makeWork(() => trigger("stop", {}));
  const problem = make("div", { class: "sp-problem", role: "alert" });
  const intro = make(
    "p",
    { class: "sp-lead" },
    "Your classifier gets a page at Hugging Face that works on every phone and computer. It runs in the visitor's browser: their photos stay with them, and your computer can be off.",
  );
  const panel = make(
    "section",
    { class: "sp-panel", "aria-label": "Publish a page", hidden: true },
    make("div", { class: "pu-head" }, make("h2", { class: "sp-title" }, "Publish a page"), account.badge),
    intro,
    problem,
    work.box,
    account.agree,
    there.box,
    account.box,
    form.box,
    review.box,
  );
  element.replaceChildren(panel);

  function draw() {
    const before = value;
    value = props.value;
    panel.hidden = !value;
    if (!value) return;
    if (before && before.project_id !== value.project_id) editing = false;
    if (value.work?.kind === "share: publish") editing = false; // what comes then is the page itself
    const { work: now, draft, published } = value;
    const shown = published && !draft && !now && !editing;
    work.set(now);
    account.draw(value);
    account.box.hidden = account.box.hidden || Boolean(shown);
    there.draw(shown ? published : null, value);
    form.draw(value);
    form.box.hidden = !value.account || Boolean(draft || now || shown);
    review.draw(now ? null : draft, value.busy);
    intro.hidden = Boolean(shown || draft || now);
    drawProblem();
  }

  function drawProblem() {
    const told = value.problem && value.problem.id !== put_away ? value.problem : null;
    problem.hidden = !told;
    if (!told || problem.dataset.id === told.id) return;
    problem.dataset.id = told.id;
    problem.replaceChildren(
      make("p", {}, told.sentence),
      ...(told.details ? [make("details", {}, make("summary", {}, "What Hugging Face said"), make("pre", {}, told.details))] : []),
      ...(told.ways.length
        ? [
            make(
              "div",
              { class: "sp-go pu-ways" },
              told.ways.map((way) => make("button", { type: "button", onclick: WAYS_ON[way][1] }, WAYS_ON[way][0])),
            ),
          ]
        : []),
    );
  }

  /** The problem was read. */
  function put() {
    put_away = value.problem?.id ?? null;
  }

  function backTo(way) {
    put();
    editing = true;
    if (value.draft) trigger("back", {});
    value = { ...value, draft: null };
    review.draw(null);
    form.box.hidden = false;
    drawProblem();
    form.turnTo(way);
  }

  watch("value", draw);
  draw();
}
