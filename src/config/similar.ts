/** Names this far apart can be the same name with typing errors. */
const MOST_ERRORS = 2;

/** The name of `known` that `name` is probably meant to be: the one with the fewest typing errors, if there are few. */
export function similarName(name: string, known: readonly string[]): string | undefined {
  const errors = (one: string): number => typingErrors(name.toLowerCase(), one.toLowerCase());
  const near = known
    .map((one) => ({ one, count: errors(one) }))
    // Short names with two other letters have too little in common.
    .filter(({ one, count }) => count <= MOST_ERRORS && 2 * count < Math.min(one.length, name.length));
  return near.sort((a, b) => a.count - b.count)[0]?.one;
}

/**
 * How many letters were added, left out, replaced, or exchanged with their neighbor (the optimal string alignment
 * distance). `leven` counts an exchange as two.
 */
export function typingErrors(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const exchanged =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, exchanged));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
