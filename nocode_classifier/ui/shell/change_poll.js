// Asks, once a second while the page is seen, whether there is something new of the open project,
// and raises 'news' if so: a plain question costs a tenth of what an event of Gradio does.
// props.value: the `mark` of what is shown, and of which project that is.

const SECONDS = 1;

export function start({ trigger, props }) {
  let asking = false;

  async function ask() {
    // Which project is open the header knows: a value that comes late may be of the one before.
    const project = document.querySelector("header[data-project]")?.dataset.project;
    if (!project || asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(`/news/${project}`, { cache: "no-store" });
      if (!answer.ok) return;
      const mark = await answer.text();
      if (mark !== props.value?.mark || project !== props.value.project_id) trigger("news");
    } catch {
      // The app is being closed, or the page left: Gradio says so.
    } finally {
      asking = false;
    }
  }

  setInterval(ask, 1000 * SECONDS);
  document.addEventListener("visibilitychange", ask);
}
