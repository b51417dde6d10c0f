// Taking a photo down by its address, its hash or its file, and lifting that.
// Events: 'take', 'lift', 'forget'.

import { make } from "../../kit/dom.js";

export function start({ element, trigger, props, upload, watch }) {
  let value = null;
  let tried = 0;

  const named = make("input", {
    type: "text",
    class: "td-field",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 4000,
    "aria-label": "Address or SHA-256 of the photo",
    placeholder: "https://… or its SHA-256",
    oninput: drawReady,
  });
  const note = make("input", {
    type: "text",
    class: "td-field",
    autocomplete: "off",
    maxlength: 200,
    "aria-label": "Note on the take-down",
    placeholder: "A note, such as who asked (optional)",
  });
  const file = make("input", {
    type: "file",
    class: "td-file",
    tabindex: "-1",
    accept: "image/*,.heic,.heif,.avif,.tif,.tiff",
    "aria-label": "File of the photo",
    onchange: () => send(file.files[0]),
  });
  const choose = make("button", { type: "button", onclick: () => file.click() }, "Or choose its file");
  const take = make("button", { type: "submit", class: "ph-strong" }, "Take down");
  const report = make("div", { class: "td-report", role: "status", hidden: true });
  const form = make(
    "form",
    {
      class: "td-form",
      onsubmit: (event) => {
        event.preventDefault();
        if (named.value.trim()) ask({ named: named.value.trim() });
      },
    },
    named,
    note,
    make("div", { class: "td-buttons" }, take, choose, file),
  );
  const list = make("ul", { class: "td-list", "aria-label": "Photos that stay out" });
  const title = make("h3", { class: "td-title" }, "These stay out");
  const details = make(
    "details",
    { class: "td" },
    make("summary", { class: "ph-quiet" }, "Take a photo down"),
    make(
      "div",
      { class: "td-inside" },
      make(
        "p",
        { class: "td-lead" },
        "Does someone not want a photo used? It goes to the bin in every project, with its near copies, and later searches leave it out.",
      ),
      form,
      report,
      title,
      list,
    ),
  );
  element.replaceChildren(details);

  function draw() {
    value = props.value;
    if (!value) return;
    if (value.tries !== tried) {
      tried = value.tries;
      named.value = note.value = "";
    }
    drawReady();
    report.hidden = !value.report.length;
    report.replaceChildren(
      make(
        "div",
        {},
        value.report.map((sentence) => make("p", {}, sentence)),
      ),
      make("button", { type: "button", class: "ph-quiet", "aria-label": "Put this message away", onclick: () => trigger("forget", {}) }, "✕"),
    );
    title.hidden = list.hidden = !value.takedowns.length;
    list.replaceChildren(
      ...value.takedowns.map(({ id, given, day, note: remark }) =>
        make(
          "li",
          {},
          make(
            "div",
            {},
            make("span", { class: "td-given", title: given }, given),
            make("span", { class: "td-day" }, [day, remark].filter(Boolean).join(" · ")),
          ),
          make(
            "button",
            {
              type: "button",
              "aria-label": `Lift the take-down of ${given}`,
              onclick: (event) => {
                event.target.disabled = true;
                trigger("lift", { id });
              },
            },
            "Lift",
          ),
        ),
      ),
    );
  }

  function drawReady() {
    take.disabled = !named.value.trim();
  }

  function ask(what) {
    take.disabled = true;
    trigger("take", { ...what, note: note.value.trim() });
  }

  async function send(given) {
    file.value = "";
    if (!given) return;
    try {
      const { path } = await upload(given);
      ask({ path, name: given.name });
    } catch {
      report.hidden = false;
      report.replaceChildren("The file could not be brought over. Is the app still running?");
    }
  }

  watch("value", draw);
  draw();
}
