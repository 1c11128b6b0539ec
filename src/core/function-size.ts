/** How large the function scale has to be for a fleet. */
import { plural } from './text.ts';

/**
 * How many tables scale serves each minute with a memory in MB. Up to 500 tables, this is what bench/memory.ts has shown through a
 * midnight. Above, it is half of that, because the groups of other fleets have more indexes and more changes. The
 * last row is reckoned from the one before: 1,769 MB are a whole processor.
 * docs/deployment.md has the figures.
 */
const SIZES = [
  { memoryMb: 256, tables: 500 },
  { memoryMb: 512, tables: 2_500 },
  { memoryMb: 1_024, tables: 5_000 },
  { memoryMb: 1_769, tables: 10_000 },
] as const;

/** The memory of a function for which `Shards: "auto"` counts its tables, MB. */
export const AUTO_MB = 512;

/** The functions that serve a fleet. */
export interface FunctionSize {
  readonly memoryMb: number;
  /** How many functions share the tables. */
  readonly shards: number;
  /** Whether the configuration is in S3, so that a deployment cannot count its tables. */
  readonly isUncounted?: boolean;
}

/** How many tables one function serves. */
export const servedBy = (memoryMb: number): number =>
  SIZES.findLast((size) => size.memoryMb <= memoryMb)?.tables ?? 0;

/** What is wrong with the size, and what would be right, in words; undefined if the functions serve so many tables. */
export function outgrown(
  tables: number,
  { memoryMb, shards, isUncounted = false }: FunctionSize,
): { readonly message: string; readonly cure: string } | undefined {
  const served = servedBy(memoryMb) * shards;
  if (tables <= served) return undefined;
  const enough = SIZES.find((size) => size.tables * shards >= tables);
  const also = shards === 1 ? '' : ` and ${plural(shards, 'shard')}`;
  const message =
    served === 0
      ? `Scale takes more memory than MemorySize ${memoryMb}.`
      : `The fleet has ${tables.toLocaleString('en-US')} tables, but scale serves about ${served.toLocaleString('en-US')} in a minute with MemorySize ${memoryMb}${also}. The others wait, also at the end of a period.`;
  const wanted = isUncounted ? Math.ceil(tables / servedBy(Math.max(memoryMb, AUTO_MB))) : '"auto"';
  const inShards = `${memoryMb < AUTO_MB ? `MemorySize to ${AUTO_MB} and ` : ''}Shards to ${wanted}`;
  const cures = [
    ...(enough ? [`MemorySize to ${enough.memoryMb}`] : []),
    ...(enough && enough.memoryMb <= AUTO_MB ? [] : [inShards]),
  ];
  return { message, cure: `Set ${cures.join(', or ')} in deployment.json, and deploy.` };
}
