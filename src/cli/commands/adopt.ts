import { Option } from 'commander';
import pMap from 'p-map';
import { visibleJson } from '../../config/quote.ts';
import { iso, isoOrNull } from '../../core/calendar/instant.ts';
import { messageOf } from '../../core/failure.ts';
import { expiresAt } from '../../core/phase.ts';
import type { Adoptable } from '../../core/requests/adoptable.ts';
import type { Spec } from '../../core/spec.ts';
import { type AdoptionPlan, adopt, surveyAdoption } from '../../jobs/adopt.ts';
import { placeOf } from '../../jobs/place.ts';
import type { Ports } from '../../ports.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { periodOption, specNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { reportInterruption, stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewAdoption } from '../views/adoption.ts';
import { countResults, type Shown, viewResult } from '../views/results.ts';
import { plural, shellWord } from '../views/text.ts';

interface AdoptOptions extends CommonOptions {
  readonly period?: readonly string[];
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** AWS allows about five tag changes per second in an account. */
const CONCURRENT_ADOPTIONS = 2;

export const adoptCommand = () =>
  command('adopt', 'preview, then adopt the unmanaged tables of a group')
    .argument('<group>', 'group name, the TableName of a spec')
    .option(
      '--period <periods...>',
      'adopt only the tables of these periods, all or none: 20261121 or 2026-11-21',
    )
    .option('--all', 'adopt every table of the group that can be adopted (default, but --yes requires it)')
    .addOption(new Option('-y, --yes', 'skip the prompt'))
    .action(async (group: string, options: AdoptOptions) => {
      const context = contextOf(options);
      rejectFuture('adopt', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const chosen = options.period?.map((text) => periodOption('--period', spec, text));
      if (chosen && options.all)
        throw new UsageError('--period and --all exclude each other. Use one of them.');
      if (options.yes && !chosen && !options.all) throw new UsageError('--yes requires --period or --all.');
      const periods = chosen && [...new Map(chosen.map((period) => [period.start, period])).values()];
      const ports = portsOf(context);
      const [plan, place] = await Promise.all([
        surveyAdoption(config, spec, ports, context.now, periods),
        placeOf(ports, context.environment),
      ]);
      const decided = options.yes || (canPrompt(context) && plan.adoptable.length > 0);
      if (!context.json) print(context, viewAdoption(plan, spec, context.now, place));
      const refusal = refusalOf(plan, periods !== undefined);
      if (refusal === undefined && decided) {
        if (!options.yes) await confirm();
        return carryOut(plan, spec, ports, context);
      }
      report(context, spec, plan);
      if (refusal !== undefined) throw new CommandFailed(refusal);
      if (!context.json && plan.adoptable.length > 0)
        print(
          context,
          `\nNothing was changed. To adopt the tables: ${again(group, context.environment, options)}`,
        );
    });

/** More names make an entry too long to read. */
const NAMED = 10;

function sayAdopted(results: readonly Shown[]): string {
  const adopted = results.filter(({ outcome }) => outcome === 'applied').map(({ action }) => action.table);
  const rest = adopted.length > NAMED ? `, and ${adopted.length - NAMED} more` : '';
  const names = adopted.length > 0 ? `: ${adopted.slice(0, NAMED).join(', ')}${rest}` : '';
  return `Adopted ${adopted.length} of ${plural(results.length, 'table')}${names}.`;
}

/** Tables named by period are adopted all or none. */
function refusalOf({ refused }: AdoptionPlan, named: boolean): string | undefined {
  if (!named || refused.length === 0) return undefined;
  return `Nothing was changed: ${plural(refused.length, 'table')} of the given periods cannot be adopted. Correct or omit them.`;
}

function again(group: string, environment: string, { period }: AdoptOptions): string {
  const which = period ? `--period ${period.map(shellWord).join(' ')}` : '--all';
  return `turntable adopt ${shellWord(group)} ${which} --env ${environment} --yes`;
}

async function carryOut(plan: AdoptionPlan, spec: Spec, ports: Ports, context: Context): Promise<void> {
  const { adoptable } = plan;
  const { json } = context;
  const results: Shown[] = [];
  const stopping = stopOnSignal();
  const one = async (each: Adoptable): Promise<void> => {
    const result = stopping.stop.aborted ? skipped(each) : await attempt(each, ports);
    results.push(result);
    if (!json) console.log(viewResult(result, results.length, adoptable.length));
  };
  if (!json && adoptable.length > 0) console.log('');
  try {
    await pMap(adoptable, one, { concurrency: CONCURRENT_ADOPTIONS });
    if (results.length > 0)
      await record(context, ports, { command: 'adopt', group: spec.name, message: sayAdopted(results) });
    report(context, spec, plan, results);
    reportInterruption(
      stopping,
      results.some(({ outcome }) => outcome !== 'applied'),
    );
  } finally {
    stopping.ignore();
  }
}

const actionOn = ({ table }: Adoptable) => ({ kind: 'adopt', table: table.name });

const skipped = (each: Adoptable): Shown => ({
  action: actionOn(each),
  outcome: 'skipped',
  error: 'Interrupted before this table.',
});

async function attempt(each: Adoptable, ports: Ports): Promise<Shown> {
  try {
    await adopt(each, ports);
    return { action: actionOn(each), outcome: 'applied' };
  } catch (error) {
    const message = messageOf(error);
    return { action: actionOn(each), outcome: 'failed', error: message };
  }
}

function report(context: Context, spec: Spec, plan: AdoptionPlan, results?: readonly Shown[]): void {
  if (context.json) console.log(visibleJson(jsonOf(context, spec, plan, results), 2));
  else if (results && results.length > 0) console.log(`\n${countResults(results)}`);
  if (results?.some(({ outcome }) => outcome !== 'applied')) process.exitCode = 1;
}

/** The JSON output. Times are in ISO 8601. `expiresAt` is null if the spec retains all tables. */
function jsonOf({ now }: Context, spec: Spec, plan: AdoptionPlan, results?: readonly Shown[]) {
  return {
    environment: spec.environment,
    group: spec.name,
    at: iso(now),
    ...plan,
    adoptable: plan.adoptable.map(({ table: { name, period, phase }, state, tags, warnings }) => ({
      name,
      createdAt: iso(state.createdAt),
      itemCount: state.itemCount,
      sizeBytes: state.sizeBytes,
      phase,
      expiresAt: isoOrNull(expiresAt(spec, period)),
      tags,
      warnings,
    })),
    ...(results && {
      results: results.map(({ action: { table }, ...rest }) => ({ name: table, ...rest })),
    }),
  };
}
