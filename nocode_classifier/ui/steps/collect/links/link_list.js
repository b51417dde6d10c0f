// A list of addresses: what is understood of it is said before anything is fetched.
// Event: 'fetch'.

import { counted, make, paint } from "../../../kit/dom.js";

const LONGEST = 5e6; // characters of a list
const WAIT = 300; // milliseconds after the last key

export function start({ element, trigger, props, server, watch }) {
  let value = null;
  let list = ""; // of the file, or what was typed
  let asked = 0;
  let waits = null;
  let known = null; // {count, sentence, unnamed} of the list as it is

  const text = make("textarea", {
    class: "li-text",
    rows: 6,
    spellcheck: "false",
    autocapitalize: "off",
    "aria-label": "Addresses of photos",
    placeholder: "https://example.org/bear-1.jpg\nhttps://example.org/bear-2.jpg",
    oninput: () => take(text.value),
  });
  const file = make("input", {
    type: "file",
    class: "li-file",
    tabindex: "-1",
    accept: ".txt,.csv,.tsv,text/plain,text/csv",
    "aria-label": "List of addresses",
    onchange: () => read(file.files[0]),
  });
  const choose = make("button", { type: "button", onclick: () => file.click() }, "Choose a .txt or .csv file");
  const chosen = make("span", { class: "li-chosen", hidden: true });
  const said = make("p", { class: "li-said", role: "status" });
  const main = make("button", { type: "button", class: "fi-main fi-strong", disabled: true, onclick: fetchAll }, "Fetch photos");
  const panel = make(
    "section",
    { class: "finder links", "aria-label": "Photos from a list of links", hidden: true },
    make("p", { class: "fi-title" }, "Paste the addresses of photos"),
    text,
    make("div", { class: "li-row" }, choose, file, chosen),
    make("div", { class: "fi-go" }, main, said),
    make(
      "p",
      { class: "fi-rights" },
      "Any text will do, the addresses in it are found. A table may name each photo's class, licence and maker in columns called class, licence and creator.",
    ),
  );
  element.replaceChildren(panel);

  function draw() {
    const before = value;
    value = props.value;
    panel.hidden = !value || !value.label;
    if (panel.hidden) return;
    paint(panel, value.label);
    if (before?.project_id !== value.project_id) forget();
    else if (before?.label?.id !== value.label.id && known) understand();
    drawMain();
  }

  function drawMain() {
    const count = known?.count ?? 0;
    main.disabled = !count || Boolean(value.busy);
    main.textContent = count ? `Fetch ${counted(count, "photo")}` : "Fetch photos";
    said.textContent = value.busy || (known ? known.sentence : "");
  }

  function take(given) {
    list = given;
    known = null;
    asked += 1; // what is under way is about another list
    clearTimeout(waits);
    if (list.trim()) waits = setTimeout(understand, WAIT);
    drawMain();
  }

  async function understand() {
    const mine = ++asked;
    if (!value?.label) return;
    const answer = await server
      .understand({ project_id: value.project_id, class_id: value.label.id, text: list })
      .catch(() => ({ refused: "The list could not be read. Is the app still running?" }));
    if (mine !== asked || !value) return;
    known = answer.refused ? { count: 0, sentence: answer.refused } : answer;
    drawMain();
  }

  async function read(given) {
    file.value = "";
    if (!given) return;
    if (given.size > LONGEST) return complain(`“${given.name}” is too long for a list of addresses.`);
    const content = await given
      .arrayBuffer()
      .then(decode)
      .catch(() => null);
    if (content === null) return complain(`“${given.name}” could not be read.`);
    chosen.replaceChildren(given.name, make("button", { type: "button", class: "ph-quiet", "aria-label": `Leave ${given.name} out`, onclick: forget }, "✕"));
    chosen.hidden = false;
    text.disabled = true;
    text.value = content.slice(0, 4000);
    take(content);
  }

  function complain(sentence) {
    take("");
    known = { count: 0, sentence };
    drawMain();
  }

  function forget() {
    chosen.hidden = true;
    text.disabled = false;
    text.value = "";
    take("");
  }

  function fetchAll() {
    if (!known?.count) return;
    trigger("fetch", { project_id: value.project_id, class_id: value.label.id, text: list });
    forget();
  }

  // A list that is dropped here is read; photos that are dropped here come in as everywhere.
  panel.addEventListener("drop", (event) => {
    const [given] = event.dataTransfer?.files ?? [];
    if (!given || !/\.(txt|csv|tsv)$/i.test(given.name)) return;
    event.preventDefault();
    read(given);
  });

  watch("value", draw);
  draw();
}

/** The text of a file, whichever program wrote it. */
export function decode(buffer) {
  const [first, second] = new Uint8Array(buffer, 0, Math.min(2, buffer.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(buffer);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(buffer);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch {
    return new TextDecoder("windows-1252").decode(buffer); // spreadsheets on Windows
  }
}
