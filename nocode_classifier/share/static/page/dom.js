// Making elements; setting styles from here is allowed by the page's content security policy,
// style attributes in HTML are not.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Give an element, and all in it, the colours of a class; without one, none. */
export function paint(element, colour) {
  element.classList.toggle("coloured", Boolean(colour));
  element.style.setProperty("--fill", colour ? colour.fill : "");
  element.style.setProperty("--text", colour ? colour.text : "");
  return element;
}
