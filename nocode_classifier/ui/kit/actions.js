// Turns clicks, fields and forms that carry data-action into one "action" event.

export function start({ element, trigger, watch }) {
  let last = { what: "", at: 0 };
  let opened = ""; // the data-menu of the one that is open

  const send = (source, extra, same = extra) => {
    const data = { ...source.dataset, ...extra };
    // A double click means one thing.
    const now = { what: JSON.stringify({ ...source.dataset, ...same }), at: Date.now() };
    const again = now.what === last.what && now.at - last.at < 500;
    last = now;
    if (!again) trigger("action", data);
  };

  // What was typed into a form but not sent would be lost by going on: it is sent instead.
  const sendWhatWaits = (source) => {
    const form = element.querySelector(`form[data-before="${source.dataset.action}"]`);
    if (!form || !form.querySelector("input").value.trim()) return false;
    form.requestSubmit();
    return true;
  };

  const closeMenus = (except) => {
    element.querySelectorAll("details[open].menu").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  };

  element.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const source = event.target.closest("[data-action]");
    if (!source || !element.contains(source)) return;
    if (source.matches("input, textarea, form, select")) return;
    event.preventDefault();
    if (sendWhatWaits(source)) return;
    if (source.getAttribute("aria-disabled") === "true") return;
    closeMenus(null);
    send(source, {});
  });

  // What is drawn anew has its menus closed: the one that was open stays open.
  element.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches("details.menu")) return;
      if (target.open) opened = target.dataset.menu;
      else if (opened === target.dataset.menu) opened = "";
    },
    true,
  );
  watch("value", () => {
    element.querySelectorAll("details.menu").forEach((menu) => {
      menu.open = menu.dataset.menu === opened;
    });
  });

  // A menu closes when the pointer or the focus goes elsewhere, and on Escape.
  document.addEventListener("click", (event) => {
    if (!element.contains(event.target)) closeMenus(null);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[open].menu");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.target.matches("input[data-action], textarea[data-action]")) {
      event.target.value = event.target.defaultValue;
      event.target.blur();
    }
  });

  element.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("input[data-action], textarea[data-action], select[data-action]")) return;
    const value = field.value;
    // From now on this counts as what the page was given, so that the answer can put it back.
    field.defaultValue = value;
    send(field, { value });
  });

  element.addEventListener("keydown", (event) => {
    // Enter leaves a field, which is what saves it.
    if (event.key === "Enter" && event.target.matches("input[data-action]")) event.target.blur();
  });

  element.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-action]");
    if (!form) return;
    event.preventDefault();
    closeMenus(null);
    const field = form.querySelector("input, textarea");
    send(form, { value: field.value }, {}); // a form is empty when it is sent for the second time
    form.reset();
    if (field.value === "") field.focus();
  });
}
