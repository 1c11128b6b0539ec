import type { Path } from './problem.ts';

/** One level of the settings and its path. */
export interface Layer {
  readonly path: Path;
  readonly value: unknown;
}

/** The levels that apply to an environment, in ascending priority. With `spec`, its own levels are included. */
export function layersOf(file: unknown, environment: string, spec?: string): Layer[] {
  const levels: Path[] = [['Defaults'], ['Environments', environment]];
  const paths = levels.flatMap((level) =>
    spec === undefined ? [level] : [level, [...level, 'Tables', spec]],
  );
  return paths.map((path) => ({ path, value: at(file, path) })).filter(({ value }) => value !== undefined);
}

/** The value at a path, or undefined. Only own keys count, so `constructor` is never found by accident. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** Merges values key by key, inside nested objects too. The later value wins. */
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
