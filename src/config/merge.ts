import type { Path } from './problem.ts';

/** One level of the settings, and where it stands. */
export interface Layer {
  readonly path: Path;
  readonly value: unknown;
}

/** The levels that count for an environment, the strongest last; with `spec` also those for it alone. */
export function layersOf(file: unknown, environment: string, spec?: string): Layer[] {
  const levels: Path[] = [['Defaults'], ['Environments', environment]];
  const paths = levels.flatMap((level) =>
    spec === undefined ? [level] : [level, [...level, 'Tables', spec]],
  );
  return paths.map((path) => ({ path, value: at(file, path) })).filter(({ value }) => value !== undefined);
}

/** The value at a path; undefined where there is none. Only own keys count, whatever they are called. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** Key by key, inside nested objects too, the later one wins. */
export function merge(values: readonly unknown[]): unknown {
  return values.reduce((weaker, stronger) => {
    if (stronger === undefined) return weaker;
    if (!isObject(weaker) || !isObject(stronger)) return stronger;
    const keys = new Set([...Object.keys(weaker), ...Object.keys(stronger)]);
    return Object.fromEntries([...keys].map((key) => [key, merge([at(weaker, [key]), at(stronger, [key])])]));
  }, undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
