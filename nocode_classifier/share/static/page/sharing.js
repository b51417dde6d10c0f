// The link to this page, for others.

/** Share it as the device does, else copy it; `toast` tells. */
export async function shareLink(title, toast) {
  const { origin, pathname } = location;
  const link = { title, url: origin + pathname };
  try {
    if (navigator.share) return await navigator.share(link);
    await navigator.clipboard.writeText(link.url);
    tell(toast, "The link is copied.");
  } catch (error) {
    if (error.name !== "AbortError") tell(toast, link.url);
  }
}

function tell(toast, words) {
  toast.textContent = words;
  toast.hidden = false;
  setTimeout(() => {
    toast.hidden = true;
  }, 3500);
}
