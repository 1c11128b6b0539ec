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
  const spoilt = new Set<string>();
  const around = new Set<string>();
  for (const { at, spoils } of findings) {
    const place = spoils === undefined ? at : spoils;
    if (place === null) continue;
    spoilt.add(JSON.stringify(place));
    for (const outer of beginnings(place)) around.add(outer);
  }
  return (path) => !around.has(JSON.stringify(path)) && !beginnings(path).some((outer) => spoilt.has(outer));
}

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
