// Who publishes: signing in with a token or with the browser, and out again.

import { make, write } from "../../kit/dom.js";

/**
 * @param ask signs in: `{stored}` or `{token, keep}`; answers with `{refused}` or who it is.
 * @param said called once someone is signed in; @param browser to sign in with the browser.
 */
export function makeAccount({ ask, said, browser, leave }) {
  const keep = make("input", { type: "checkbox" });
  const token = make("input", {
    type: "password",
    class: "pu-field",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "hf_…",
    "aria-label": "Token",
    maxlength: 400,
  });
  const go = make("button", { type: "submit", class: "sp-main" }, "Sign in");
  const stored = make(
    "button",
    { type: "button", class: "sp-plain", onclick: () => send({ stored: true }, "Looking for it…") },
    "Use a token that is on this computer already",
  );
  const byBrowser = make("button", { type: "button", class: "sp-main", onclick: () => browser(keep.checked) }, "Sign in with the browser");
  const problem = make("p", { class: "sp-problem", role: "alert", hidden: true });
  const waiting = make("p", { class: "sp-quiet", role: "status" });
  const make_one = make("a", { target: "_blank", rel: "noopener" }, "Make a token");
  const form = make(
    "form",
    {
      class: "pu-sign",
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    make(
      "ol",
      { class: "pu-steps" },
      make("li", {}, make_one, " at Hugging Face: free, with the role “write”. No account yet? It asks you to make one."),
      make("li", {}, "Copy it and paste it here."),
    ),
    make("div", { class: "pu-token" }, token, go),
    make(
      "label",
      { class: "pu-check" },
      keep,
      make(
        "span",
        {},
        "Keep me signed in on this computer",
        make("small", {}, "In Hugging Face's own place for tokens. Otherwise it is forgotten when the app closes."),
      ),
    ),
  );
  const box = make("div", { class: "pu-account" }, problem, form, make("div", { class: "sp-go" }, byBrowser, stored), waiting);

  const code = make("b", { class: "pu-code" });
  const link = make("a", { class: "sp-button", target: "_blank", rel: "noopener" }, "Open Hugging Face");
  const agree = make(
    "div",
    { class: "pu-agree", hidden: true },
    make("p", { class: "sp-lead" }, "Open this page, check that it shows the same code, and agree:"),
    make("div", { class: "sp-go" }, code, link),
  );

  const who = make("span", { class: "pu-who" });
  const out = make("button", { type: "button", class: "sp-plain", onclick: () => leave(out.dataset.kept === "true") });
  const badge = make("div", { class: "pu-badge" }, who, out);

  function submit() {
    const text = token.value.trim();
    if (!text) return token.focus();
    send({ token: text, keep: keep.checked }, "Asking Hugging Face…");
  }

  async function send(what, words) {
    lock(true);
    problem.hidden = true;
    waiting.textContent = words;
    const answer = await ask(what).catch(() => ({ refused: "The app did not answer. Is it still running?" }));
    lock(false);
    waiting.textContent = "";
    problem.hidden = !answer.refused;
    problem.textContent = answer.refused || "";
    if (answer.refused) return;
    token.value = "";
    said();
  }

  function lock(on) {
    for (const button of [go, stored, byBrowser]) button.disabled = on;
  }

  function draw(value) {
    const { account } = value;
    make_one.href = value.tokens;
    byBrowser.hidden = !value.browser;
    go.className = value.browser ? "sp-side" : "sp-main";
    box.hidden = Boolean(account || value.work);
    agree.hidden = !value.code;
    if (value.code) {
      write(code, value.code.code);
      link.href = value.code.address;
    }
    badge.hidden = !account;
    if (!account) return;
    who.replaceChildren("Signed in as ", make("b", {}, account.name));
    out.textContent = account.kept ? "Sign out and forget the token" : "Sign out";
    out.dataset.kept = String(account.kept);
    out.disabled = Boolean(value.busy);
  }

  return { box, agree, badge, draw };
}
