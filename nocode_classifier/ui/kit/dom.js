// Small words for building pages.

/** One element with attributes, listeners ("onclick") and children; null ones are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Let a box hold these nodes in this order; who types in one of them goes on typing. */
export function arrange(box, nodes) {
  const focused = document.activeElement;
  for (const child of [...box.childNodes]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, at) => {
    if (box.childNodes[at] !== node) box.insertBefore(node, box.childNodes[at] ?? null);
  });
  if (focused !== document.activeElement && box.contains(focused)) focused.focus({ preventScroll: true });
}

/** The name of a class on its colour. @param note a few characters after it, such as a count */
export function chip({ name, style, note }) {
  return make("span", { class: `chip ${style}`, title: name }, make("span", { class: "chip-name" }, name), note ? make("small", {}, note) : null);
}

/** A drawing of the app's own, which comes as SVG text. */
export function picture(svg) {
  const box = document.createElement("template");
  box.innerHTML = svg;
  return box.content.firstElementChild;
}

/** "1 photo", "1,204 photos". */
export function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Never a flat 0 or 100: no model knows that much. */
export function inPercent(share) {
  const rounded = Math.round(100 * share);
  return rounded >= 100 ? "over 99%" : rounded <= 0 ? "under 1%" : `${rounded}%`;
}

/** Give an element another text; what is read aloud is touched only when it is different. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Give an element the colours of a class. */
export function paint(node, label) {
  node.style.setProperty("--class-colour", label ? label.colour : "var(--color-accent)");
  node.style.setProperty("--class-ink", label ? label.ink : "white");
  return node;
}

/** Whether the person can see a component: false while its step is hidden. */
export function shown(element) {
  return element.offsetParent !== null && element.getClientRects().length > 0;
}

/** Whether a key press belongs to a text field, not to the page. */
export function typing(event) {
  return event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
}

/** 1 or -1 for a key that leads on or back in a row of choices, else undefined. */
export function arrowStep(event) {
  return { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
}

/** Where a photo's small picture is served. */
export function thumbnail(project, sha256) {
  return `/thumbnails/${project}/${sha256}`;
}

/** Whether a drag carries files rather than a piece of the page. */
export function carriesFiles(event) {
  return event.dataTransfer && [...event.dataTransfer.types].includes("Files");
}

/** Listen to events of the whole page, by name, for as long as `element` is part of it. */
export function listenOnPage(element, listeners) {
  for (const [name, listener] of Object.entries(listeners)) {
    document.addEventListener(name, function heard(event) {
      if (element.isConnected) listener(event);
      else document.removeEventListener(name, heard);
    });
  }
}
