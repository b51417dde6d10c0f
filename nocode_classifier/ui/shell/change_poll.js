// Asks, while the page is seen, whether there is something new at the step that it shows, and raises
// 'news' if so: a plain question costs a tenth of what an event of Gradio does.
// props.value: the `mark` of what is shown, and of which project that is.

const SECONDS = 1; // before the app has said how soon to ask again

export function start({ trigger, props }) {
  let asking = false;
  let next = 0;

  async function look() {
    // What is shown the header knows: a value that comes late may be of the project before.
    const shown = document.querySelector("header[data-project]")?.dataset;
    if (!shown || shown.step === "0" || document.hidden) return SECONDS;
    const answer = await fetch(`/news?step=${shown.step}&project=${shown.project}`, { cache: "no-store" });
    if (!answer.ok) return SECONDS;
    const { mark, seconds } = await answer.json();
    if (mark !== props.value.mark || shown.project !== (props.value.project_id ?? "")) trigger("news");
    return seconds;
  }

  async function ask() {
    if (asking) return;
    asking = true;
    clearTimeout(next);
    // Where it can't be asked, the app is being closed, or the page left: Gradio says so.
    const seconds = await look().catch(() => SECONDS);
    next = setTimeout(ask, 1000 * seconds);
    asking = false;
  }

  ask();
  document.addEventListener("visibilitychange", ask);
}
