// Working without a connection, newer versions, the home screen.

const PATIENCE = 4000; // milliseconds to wait for the service worker before going on without it

/** Start the service worker and wait until it keeps what the page fetches, or can't. */
export async function startKeeping(newer) {
  if (!navigator.serviceWorker) return;
  let isControlled = Boolean(navigator.serviceWorker.controller);
  const controlled = new Promise((done) => {
    if (isControlled) done();
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (isControlled) newer();
      isControlled = true;
      done();
    });
    setTimeout(done, PATIENCE);
  });
  try {
    await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
    await controlled;
  } catch {
    // Private windows and old hosts refuse; the page then just needs a connection.
  }
}

/**
 * Load the page again if a newer one's service worker took over while this one was loading: it may
 * have got files of both. Resolves with whether it does.
 */
export async function startAgainIfOvertaken() {
  const version = await Promise.race([askKeeper("version"), new Promise((done) => setTimeout(done, PATIENCE))]);
  const own = document.documentElement.dataset.version;
  if (!version || version === own) return false;
  // Once and no more, should a browser have kept the old page after all.
  if (sessionStorage.startedAgainFor === String(version)) return false;
  sessionStorage.startedAgainFor = version;
  location.reload();
  return true;
}

/** Have everything kept; resolves with whether it is. */
export const keepAll = () => askKeeper("keep all");

/** Ask the service worker; resolves with null if there is none. */
function askKeeper(question) {
  const controller = navigator.serviceWorker?.controller;
  if (!controller) return Promise.resolve(null);
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    controller.postMessage(question, [port2]);
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
  addEventListener("appinstalled", () => {
    button.hidden = true;
  });
  button.addEventListener("click", async () => {
    button.hidden = true;
    await offer?.prompt();
  });
}
