/** The newest text of each group that this process has parsed. A run reads the memories of all groups, and few have changed since the last. */
const parsed = new Map<string, { readonly text: string; readonly value: unknown }>();

/** Parses the JSON of a group. Returns the same object for the same text. It must not be changed. @throws SyntaxError */
export function parsedOf(group: string, text: string): unknown {
  const before = parsed.get(group);
  if (before?.text === text) return before.value;
  const value: unknown = JSON.parse(text);
  parsed.set(group, { text, value });
  return value;
}
