import type { Path } from './problem.ts';

/** A problem at a path of a document, before the path is converted to line and column. */
export interface Finding {
  readonly at: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The path that later rules must skip. Default: `at`. null: none. */
  readonly spoils?: Path | null;
}

/** Whether a path has no finding at itself, inside it, or around it. */
export type Sound = (path: Path) => boolean;

/** Whether a path has no finding at itself or around it. Findings inside it do not matter, so its key can be checked. */
export function soundAround(findings: readonly Finding[]): Sound {
  const spoilt = new Set(placesOf(findings).map(keyOf));
  return (path) => !beginnings(path).some((outer) => spoilt.has(outer));
}

/** Whether a path has no finding at itself, inside it, or around it. */
export function soundness(findings: readonly Finding[]): Sound {
  const around = new Set(placesOf(findings).flatMap(beginnings));
  const outside = soundAround(findings);
  return (path) => !around.has(keyOf(path)) && outside(path);
}

const placesOf = (findings: readonly Finding[]): Path[] =>
  findings.flatMap(({ at, spoils = at }) => (spoils === null ? [] : [spoils]));

/** A path and all paths that contain it, as keys of a set. The root first. */
function beginnings(path: Path): string[] {
  const keys = [''];
  for (const part of path) keys.push(keys.at(-1)! + keyOfPart(part));
  return keys;
}

const keyOf = (path: Path): string => path.map(keyOfPart).join('');

/** The place in a list and the key of that text are different parts. No key is the beginning of another. */
const keyOfPart = (part: Path[number]): string => `${typeof part} ${String(part).length} ${part} `;

/** Removes findings with the same path and message. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [JSON.stringify([finding.at, finding.message]), finding])).values(),
  ];
}
