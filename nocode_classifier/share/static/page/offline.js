// Working without a connection, newer versions, the home screen.

const PATIENCE = 4000; // milliseconds to wait for the service worker before loading without it

/** Start the service worker and wait until it keeps what the page fetches, or can't. */
export async function startKeeping(newer) {
  if (!navigator.serviceWorker) return;
  const wasControlled = Boolean(navigator.serviceWorker.controller);
  const controlled = new Promise((done) => {
    if (wasControlled) done();
    navigator.serviceWorker.addEventListener("controllerchange", () => (wasControlled ? newer() : done()));
    setTimeout(done, PATIENCE);
  });
  try {
    await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
    await controlled;
  } catch {
    // Private windows and old hosts refuse; the page then just needs a connection.
  }
}

/** Have everything kept; resolves with whether it is. */
export function keepAll() {
  const controller = navigator.serviceWorker?.controller;
  if (!controller) return Promise.resolve(false);
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    controller.postMessage("keep all", [port2]);
  });
}

/** Show a button while the browser offers to install the page. */
export function offerInstall(button) {
  let offer = null;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  addEventListener("appinstalled", () => { button.hidden = true; });
  button.addEventListener("click", async () => {
    button.hidden = true;
    await offer?.prompt();
  });
}
