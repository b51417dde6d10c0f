// Asks the page about photos, in the browser, through the very code that its visitors use. It is
// served beside a page that is being proven, and is in no page that is handed over.

const SECONDS_TO_START = 120;

prove().then(
  (answers) => tell({ answers }),
  (error) => tell({ failed: String(error?.message || error) }),
);

async function prove() {
  await ready();
  const of = (name) => new URL(name, document.baseURI);
  const { lookAtFile } = await import(of("engine.js"));
  const { judge } = await import(of("words.js"));
  const card = await (await fetch(of("card.json"))).json();
  const { photos } = await (await fetch(of("../photos.json"))).json();
  const answers = [];
  for (const photo of photos) {
    const file = await (await fetch(of(photo))).blob();
    const { label, sure, bars } = judge(await lookAtFile(file), card);
    answers.push({ label, sure, probabilities: bars.map(({ name, probability }) => [name, probability]) });
  }
  return answers;
}

/** Until the page says that it can answer. */
async function ready() {
  const until = performance.now() + 1000 * SECONDS_TO_START;
  while (!document.documentElement.dataset.ready) {
    const problem = document.getElementById("problem");
    if (problem && !problem.hidden) throw new Error(problem.textContent);
    if (performance.now() > until) throw new Error("it does not get ready");
    await new Promise((done) => setTimeout(done, 50));
  }
}

const tell = (result) => fetch(new URL("../result", document.baseURI), { method: "POST", body: JSON.stringify(result) });
