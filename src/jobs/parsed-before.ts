/** The newest text of each group that this process has parsed or stored. A run reads the memories of all groups, and few have changed since the last. */
const parsed = new Map<string, { readonly text: string; readonly value: unknown }>();

/** Parses the JSON of a group. Returns the same object for the same text. It must not be changed. @throws SyntaxError */
export function parsedOf(group: string, text: string): unknown {
  const before = parsed.get(group);
  if (before?.text === text) return before.value;
  const value: unknown = JSON.parse(text);
  parsed.set(group, { text, value });
  return value;
}

/** Keeps what parsing a text of a group returns, so that the next run need not parse what this one stores. */
export function keepParsed(group: string, text: string, value: unknown): void {
  parsed.set(group, { text, value });
}
