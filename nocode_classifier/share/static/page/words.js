// From the numbers of the graph to an answer in words. The same rules and sentences as in the app.

/** Never a flat 0 or 100: no model knows that much. */
export function inPercent(share) {
  const rounded = Math.round(100 * share);
  return rounded >= 100 ? "over 99%" : rounded <= 0 ? "under 1%" : `${rounded}%`;
}

/**
 * Turn what the graph found into an answer.
 *
 * found: {probabilities: one a class, familiarity}; card: what is in card.json.
 * Gives {index, label, sure, headline, words, hint, bars: [{index, name, probability}]}, bars with
 * the likeliest first.
 */
export function judge({ probabilities, familiarity }, card) {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const [index] = order;
  const { name: label, hints } = card.classes[index];
  const limits = card.sure;
  const familiar = familiarity >= limits.familiarity;
  const sure = familiar && probabilities[index] >= limits.probability;
  const second = order.length > 1 ? card.classes[order[1]].name : null;
  return {
    index,
    label,
    sure,
    headline: sure ? label : "Not sure",
    words: sentence({ label, second, sure, familiar, share: probabilities[index] }),
    hint: sure && hints?.length ? hints[0] : null,
    bars: order.map((each) => ({ index: each, name: card.classes[each].name, probability: probabilities[each] })),
  };
}

function sentence({ label, second, sure, familiar, share }) {
  if (sure) {
    const percent = share < 0.995 ? `${Math.round(100 * share)}%` : "More than 99%";
    return `${percent} sure that this is “${label}”.`;
  }
  if (!familiar) {
    return `None of these, probably: it looks unlike anything it has seen. If it had to choose: “${label}”.`;
  }
  return second ? `Too close to call between “${label}” and “${second}”.` : "Too close to call.";
}

/** "Is it a, b or c?" for few classes, else how many there are. */
export function question(names) {
  if (names.length > 4 || names.join("").length > 60) return `Which of ${names.length} is it?`;
  if (names.length === 1) return `Is it ${names[0]}?`;
  return `Is it ${names.slice(0, -1).join(", ")} or ${names.at(-1)}?`;
}
