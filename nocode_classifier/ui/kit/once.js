// A double click means one thing: what is said again within half a second is not sent again.

/** @returns a function that sends an "action" event; `same`: what makes two of them the same. */
export function makeSend(trigger) {
  let last = { what: "", at: 0 };
  return (data, same = data) => {
    const now = { what: JSON.stringify(same), at: Date.now() };
    const again = now.what === last.what && now.at - last.at < 500;
    last = now;
    if (!again) trigger("action", data);
  };
}
