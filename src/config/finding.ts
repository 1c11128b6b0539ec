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

export function soundness(findings: readonly Finding[]): Sound {
  const spoilt = findings.flatMap(({ at, spoils }) => (spoils === null ? [] : [spoils ?? at]));
  return (path) => !spoilt.some((place) => begins(place, path) || begins(path, place));
}

function begins(path: Path, start: Path): boolean {
  return start.every((part, i) => path[i] === part);
}

/** The same thing about the same place is said once. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [JSON.stringify([finding.at, finding.message]), finding])).values(),
  ];
}
