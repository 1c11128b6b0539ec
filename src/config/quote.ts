import type { Path } from './problem.ts';

const LONGEST = 60;

/** Control, format and unassigned characters and lone surrogates. They can move the cursor of a terminal or hide text. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** `text` with an escape for every character that a terminal would act on or hide. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

const codeUnit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** Characters that JSON does not escape and a terminal would act on. The line ends of the JSON itself are excluded. */
const UNSEEN_IN_JSON = /[^\n\P{C}]|[\p{Zl}\p{Zp}]/gu;

/** A value as JSON that is safe to print on a terminal. It has line ends only if `indent` is set. */
export function visibleJson(value: unknown, indent?: number): string {
  const escaped = (character: string): string =>
    Array.from({ length: character.length }, (_, i) => codeUnit(character.charCodeAt(i))).join('');
  return JSON.stringify(value, null, indent).replace(UNSEEN_IN_JSON, escaped);
}

/** `text`, truncated so that a message stays readable. */
export function cut(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST + 2)];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : text;
}

/** `text` in double quotes, truncated and safe to print on a terminal. */
export function quote(text: string): string {
  return `"${visible(cut(text))}"`;
}

/** `"a", "b" or "c"` */
export function listed(words: readonly string[], last: string): string {
  const quoted = words.map(quote);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)}`;
}

/** `Tables[0].Properties`, with quotes around keys that are not plain identifiers. */
export function formatPath(path: Path): string {
  const parts = path.map((part, i) => {
    if (typeof part === 'number') return `[${part}]`;
    if (!/^[A-Za-z_$][\w$-]{0,59}$/.test(part)) return `[${quote(part)}]`;
    return i === 0 ? part : `.${part}`;
  });
  return parts.join('');
}
