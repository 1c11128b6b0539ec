import type { Finding, Sound } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import { didYouMean } from '../suggest.ts';
import { keysAt, levelPaths } from './levels.ts';

/** What settings may refer to: the index names by spec; undefined where they can't be told for sure. */
export interface Known {
  readonly specs: ReadonlyMap<string, Indexes | undefined>;
}

export interface Indexes {
  readonly local: readonly string[];
  readonly global: readonly string[];
}

/** Settings that are about specs or indexes which the tables file does not have. */
export function findInReferences(file: unknown, { specs }: Known, soundAround: Sound): Finding[] {
  const everywhere = together([...specs.values()]);
  return levelPaths(file)
    .flatMap((level) => [
      ...strangers(file, level, everywhere, 'of any spec'),
      ...keysAt(file, [...level, 'Tables']).flatMap((name) => {
        const place = [...level, 'Tables', name];
        if (specs.has(name)) return strangers(file, place, specs.get(name), `of ${quote(name)}`);
        return [
          {
            at: place,
            message: 'is not the TableName of any spec.',
            hint: didYouMean(name, [...specs.keys()]),
          },
        ];
      }),
    ])
    .filter((finding) => soundAround(finding.at));
}

function strangers(file: unknown, level: Path, indexes: Indexes | undefined, whose: string): Finding[] {
  if (!indexes) return [];
  const place = [...level, 'Scaling', 'Indexes'];
  return keysAt(file, place)
    .filter((name) => !indexes.global.includes(name))
    .map((name) => ({
      at: [...place, name],
      message: indexes.local.includes(name)
        ? 'is a local index, which shares the throughput of its table; only global ones have bounds.'
        : `is not a global index ${whose}.`,
      hint: didYouMean(name, indexes.global),
    }));
}

function together(all: readonly (Indexes | undefined)[]): Indexes | undefined {
  if (all.includes(undefined)) return undefined;
  return {
    local: all.flatMap((indexes) => indexes?.local ?? []),
    global: all.flatMap((indexes) => indexes?.global ?? []),
  };
}
