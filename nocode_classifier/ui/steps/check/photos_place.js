// Where the photos of the Check step are, below everything else.

/** Bring them into view, once the page has heard which ones are wanted. */
export function showPhotos() {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.getElementById("check-photos")?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
