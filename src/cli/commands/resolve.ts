import { quote, visibleJson } from '../../config/quote.ts';
import { iso, isoOrNull, parseInstant } from '../../core/calendar/instant.ts';
import { DAY_MS } from '../../core/calendar/period.ts';
import { type Config, writtenSchemes } from '../../core/spec.ts';
import { ResolverError } from '../../resolver/failure.ts';
import type { Resolver, RetentionStatus, TablePeriod } from '../../resolver/types.ts';
import { createResolver } from '../../resolver.ts';
import { wallClock } from '../../runtime.ts';
import { type CommonOptions, configOf, contextOf, localCommand } from '../context.ts';
import { UsageError } from '../failure.ts';
import { specNamed } from '../group.ts';
import { style } from '../views/text.ts';

interface ResolveOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly next?: boolean;
  readonly newestFirst?: boolean;
}

export const resolveCommand = () =>
  localCommand('resolve', 'print the table of a group for a time, or the tables for a time range')
    .argument('<group>', 'group name, the TableName of a spec')
    .option('--from <instant>', 'start of the range, inclusive (default: start of the retention)')
    .option('--to <instant>', 'end of the range, exclusive (default: end of the upcoming periods)')
    .option('--newest-first', 'list the tables of a range from newest to oldest')
    .option('--next', 'print the table of the next period')
    .action((group: string, options: ResolveOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      specNamed(config, group);
      try {
        const found = isRange(options)
          ? range(resolverOf(config, context.now), group, context.now, options)
          : single(resolverOf(config, wallClock.now()), group, context.now, options);
        const text = context.json ? visibleJson(found) : sayNames(found);
        if (text) console.log(text);
        const warning = 'name' in found && warningOf(found);
        if (warning) console.error(`${style.warn('Warning:')} ${warning}`);
      } catch (error) {
        throw error instanceof ResolverError ? new UsageError(error.message) : error;
      }
    });

interface Named {
  readonly group: string;
  readonly at: string;
  readonly name: string;
  /** At the wall clock's time, whatever `at` is. */
  readonly status: RetentionStatus;
}

interface Listed {
  readonly group: string;
  readonly tables: readonly {
    readonly name: string;
    readonly start: string | null;
    readonly end: string | null;
  }[];
}

const sayNames = (found: Named | Listed): string =>
  'name' in found ? found.name : found.tables.map(({ name }) => name).join('\n');

/** The library throws here. A shell can still use such a name, for example to find a backup. */
function warningOf({ name, status }: Named): string | undefined {
  if (status === 'expired') return `${name} is past its retention, so purge might have deleted it.`;
  if (status === 'future') return `${name} is not due yet. Rotate creates it later.`;
  return undefined;
}

const isRange = ({ from, to }: ResolveOptions): boolean => from !== undefined || to !== undefined;

/** @throws ResolverError, UsageError */
function single(resolver: Resolver, group: string, at: number, { next, newestFirst }: ResolveOptions): Named {
  if (newestFirst) throw new UsageError('--newest-first requires a range. Use --from, --to, or both.');
  const { end } = resolver.locate(group, at);
  const { table, status } = resolver.locate(group, next && end < Infinity ? end : at);
  return { group, at: iso(at), name: table, status };
}

/** @throws ResolverError, UsageError */
function range(resolver: Resolver, group: string, now: number, options: ResolveOptions): Listed {
  const { from, to, next, newestFirst } = options;
  if (next) throw new UsageError('--next cannot be combined with --from or --to.');
  const retained = resolver.retention(group);
  const start = from === undefined ? retained.from : instantOf('--from', from);
  if (!Number.isFinite(start) && Number.isFinite(retained.to))
    throw new UsageError(`${group} retains all its tables. Use --from to set the start of the range.`);
  const end = to === undefined ? retained.to : instantOf('--to', to);
  if (from !== undefined && to !== undefined && start > end)
    throw new UsageError(`--from ${quote(from)} is after --to ${quote(to)}.`);
  if (finite(end, now) - finite(start, now) > LONGEST_MS)
    throw new UsageError('The range is longer than 100 years. Choose a shorter range with --from and --to.');
  const order = newestFirst ? 'newest-first' : 'oldest-first';
  const periods = resolver.periodsBetween(group, finite(start, now), finite(end, now + 1), order);
  return { group, tables: periods.map(listed) };
}

/** The names of a longer hourly range could exhaust the memory. */
const LONGEST_MS = 100 * 366 * DAY_MS;

/** The one table of scheme `none` has no start and no end. Any time selects it. */
const finite = (instant: number, otherwise: number): number =>
  Number.isFinite(instant) ? instant : otherwise;

const listed = ({ table, start, end }: TablePeriod): Listed['tables'][number] => ({
  name: table,
  start: isoOrNull(start),
  end: isoOrNull(end),
});

function resolverOf({ environment, specs }: Config, now: number): Resolver {
  return createResolver({
    environment,
    now: () => now,
    tables: specs.map(({ name, scheme, keep, previously, settings }) => ({
      TableName: name,
      RotationScheme: scheme,
      PurgeRotation: Number.isFinite(keep) ? keep : -1,
      PeriodsAhead: settings.periodsAhead,
      Previously: writtenSchemes(previously),
    })),
  });
}

function instantOf(option: string, text: string): number {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw new UsageError(
    `${option} ${quote(text)} is not a valid time. Use a form such as 2026-11-21 or 2026-11-21T06:00:00Z.`,
  );
}
