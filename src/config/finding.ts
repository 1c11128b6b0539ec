import type { Path } from './problem.ts';

/** What is wrong at a place of a document, not yet in lines and columns. */
export interface Finding {
  readonly at: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What no rule should look at any more: `at`, unless it says another place, or none. */
  readonly spoils?: Path | null;
}

/** Whether nothing was found wrong at, in, or around a place. */
export type Sound = (path: Path) => boolean;

/** Whether nothing was found wrong at or around a place, whatever is wrong in it: then its name can be judged. */
export function soundAround(findings: readonly Finding[]): Sound {
  const spoilt = new Set(placesOf(findings).map((place) => JSON.stringify(place)));
  return (path) => !beginnings(path).some((outer) => spoilt.has(outer));
}

export function soundness(findings: readonly Finding[]): Sound {
  const around = new Set(placesOf(findings).flatMap(beginnings));
  const outside = soundAround(findings);
  return (path) => !around.has(JSON.stringify(path)) && outside(path);
}

const placesOf = (findings: readonly Finding[]): Path[] =>
  findings.flatMap(({ at, spoils = at }) => (spoils === null ? [] : [spoils]));

/** A path and all that it leads through, the root first. */
function beginnings(path: Path): string[] {
  return Array.from({ length: path.length + 1 }, (_, length) => JSON.stringify(path.slice(0, length)));
}

/** The same thing about the same place is said once. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [JSON.stringify([finding.at, finding.message]), finding])).values(),
  ];
}
