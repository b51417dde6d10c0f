// Draws openapi.json as a page one can read, with lines to copy.

const about = JSON.parse(document.getElementById("about").textContent);
const here = new URL(".", location.href).href.replace(/\/$/, "");
const secret = about.withKey ? ' -H "X-API-Key: YOUR_KEY"' : "";
const SAMPLES = {
  "/health": `curl${secret} ${here}/health`,
  "/image": `curl${secret} -F file=@photo.jpg ${here}/image`,
  "/classify-url": `curl${secret} -G ${here}/classify-url --data-urlencode url=https://example.org/photo.jpg`,
  "/batch": `curl${secret} -F file=@one.jpg -F file=@two.jpg ${here}/batch`,
};

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An example of what a schema describes. */
function example(schema, all, name = "") {
  if (schema.$ref) return example(all[schema.$ref.split("/").at(-1)], all, name);
  if (name === "why") return null; // it is sure
  if (schema.anyOf)
    return example(
      schema.anyOf.find((one) => one.type !== "null"),
      all,
      name,
    );
  if (schema.type === "object") return Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, example(value, all, key)]));
  if (schema.type === "array") return name === "classes" ? about.classes.slice(0, 3).map((one) => one.name) : [example(schema.items, all, name)];
  const first = about.classes[0].name;
  const known = { guess: first, label: first, status: "ok", hint: "a remark", name: described(schema) ? "photo.jpg" : about.name, version: "0.1.0" };
  return { number: 0.97, boolean: true, string: known[name] ?? "" }[schema.type] ?? null;
}

/** Whether a name is that of a file. */
const described = (schema) => /file/.test(schema.description ?? "");

/** Text in which `code` is marked; the lines of curl are shown below anyway. */
function words(text) {
  return text
    .split("\n\n")
    .filter((part) => !part.startsWith("`curl"))
    .map((part) => make("p", {}, ...part.split("`").map((piece, index) => (index % 2 ? make("code", {}, piece) : piece))));
}

function sample(text) {
  const copy = make("button", { type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 1500);
  });
  return make("div", { class: "sample" }, make("pre", {}, make("code", {}, text)), copy);
}

function call(path, method, one, all) {
  const good = one.responses["200"].content["application/json"].schema;
  const statuses = Object.entries(one.responses).filter(([status]) => status !== "200");
  return make(
    "section",
    { class: "call" },
    make("h2", {}, make("span", { class: "method" }, method.toUpperCase()), make("code", {}, path)),
    make("p", {}, one.summary),
    ...words(one.description ?? ""),
    make("h3", {}, "Ask"),
    sample(SAMPLES[path]),
    make("h3", {}, "Answer"),
    make("div", { class: "sample" }, make("pre", {}, make("code", {}, JSON.stringify(example(good, all), null, 2)))),
    ...(statuses.length
      ? [
          make("h3", {}, "Or"),
          make("dl", { class: "statuses" }, ...statuses.flatMap(([status, why]) => [make("dt", {}, status), make("dd", {}, why.description)])),
        ]
      : []),
  );
}

async function draw() {
  const page = await (await fetch("openapi.json")).json();
  const calls = Object.entries(page.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => call(path, method, one, page.components.schemas)),
  );
  document.getElementById("calls").replaceChildren(...calls);
}

document.getElementById("with-key").hidden = !about.withKey;
document.getElementById("gradio").textContent = [
  "from gradio_client import Client, handle_file",
  "",
  `client = Client("${here}/"${about.withKey ? ', headers={"X-API-Key": "YOUR_KEY"}' : ""})`,
  'client.predict(handle_file("photo.jpg"), api_name="/predict")',
  'client.predict("https://example.org/photo.jpg", api_name="/predict_link")',
].join("\n");
document.getElementById("mcp").textContent = `${here}/gradio_api/mcp/`;
draw();
