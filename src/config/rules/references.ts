import type { Finding, Sound } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import { didYouMean } from '../suggest.ts';
import { keysAt, levelPaths } from './levels.ts';

/** The names that settings can reference: index names by spec, or undefined if they are uncertain. */
export interface Known {
  readonly specs: ReadonlyMap<string, Indexes | undefined>;
}

export interface Indexes {
  readonly local: readonly string[];
  readonly global: readonly string[];
}

/** Settings for specs or indexes that the tables file does not contain. */
export function findInReferences(file: unknown, { specs }: Known, soundAround: Sound): Finding[] {
  const everywhere = together([...specs.values()]);
  return levelPaths(file)
    .flatMap((level) => [
      ...unknownIndexes(file, level, everywhere, 'of any spec'),
      ...keysAt(file, [...level, 'Tables']).flatMap((name) => {
        const place = [...level, 'Tables', name];
        if (specs.has(name)) return unknownIndexes(file, place, specs.get(name), `of ${quote(name)}`);
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

function unknownIndexes(file: unknown, level: Path, indexes: Indexes | undefined, owner: string): Finding[] {
  if (!indexes) return [];
  const place = [...level, 'Scaling', 'Indexes'];
  return keysAt(file, place)
    .filter((name) => !indexes.global.includes(name))
    .map((name) => ({
      at: [...place, name],
      message: indexes.local.includes(name)
        ? 'is a local index, which shares the throughput of its table. Only global indexes have scaling settings.'
        : `is not a global index ${owner}.`,
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
