import { Option } from 'commander';
import { ConfigError, readConfig } from '../../config/index.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { didYouMean } from '../../config/suggest.ts';
import { iso } from '../../core/calendar/instant.ts';
import type { Closing } from '../../core/facts.ts';
import { candidatesAmong } from '../../core/requests/environments.ts';
import type { Config } from '../../core/spec.ts';
import { withoutFinalDot } from '../../core/text.ts';
import { placeOf } from '../../jobs/place.ts';
import { closeEnvironment, reopenEnvironment, surveyTeardown, type Teardown } from '../../jobs/teardown.ts';
import type { Ports } from '../../ports.ts';
import { leaseOwner } from '../../runtime.ts';
import { callerOf } from '../caller.ts';
import { canPrompt, confirmByName } from '../confirm.ts';
import {
  type CommonOptions,
  type Context,
  command,
  configOf,
  contextOf,
  portsOf,
  requireValidEnvironment,
} from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { print } from '../suggested.ts';
import { jsonOfTeardown, viewReopened, viewTeardown, waitingIn } from '../views/teardown.ts';
import { plural, shellWord } from '../views/text.ts';

interface TeardownOptions extends CommonOptions {
  readonly confirm?: string;
  readonly undo?: boolean;
}

export const teardownCommand = () =>
  command(
    'teardown',
    'preview, then close an environment, so that purge deletes its tables after the waiting period',
  )
    .addOption(
      new Option('--confirm <name>', 'the name of the environment again, instead of an answer to the prompt'),
    )
    .option('--undo', 'open the environment again, and cancel the deletions that the teardown scheduled')
    .action(async (options: TeardownOptions) => {
      const context = contextOf(options);
      const { environment, now } = context;
      if (options.env === undefined)
        throw new UsageError('teardown requires --env with the name of the environment.');
      requireValidEnvironment(context);
      rejectFuture('teardown', now);
      if (options.undo && options.confirm !== undefined)
        throw new UsageError('--undo and --confirm exclude each other. Use one of them.');
      if (options.undo) return undo(context);
      if (options.confirm !== undefined && options.confirm !== environment)
        throw new UsageError(`--confirm must be ${environment}, the name of the environment.`);
      const config = configOf(context);
      requireUnprotected(config);
      const ports = portsOf(context);
      const [plan, place] = await Promise.all([
        surveyTeardown(config, ports, now),
        placeOf(ports, environment),
      ]);
      requireTables(plan, config, context);
      if (plan.unusable) throw plan.unusable;
      const shown = { ...plan, environment, at: iso(now), prices: config.prices, ...place };
      if (!context.json) print(context, viewTeardown(shown));
      if (plan.closing && plan.added.length === 0) return report(context, shown, false);
      if (options.confirm === undefined) {
        if (!canPrompt(context)) {
          report(context, shown, false);
          const again = `turntable teardown --confirm ${shellWord(environment)} --env ${environment}`;
          if (!context.json) print(context, `\nNothing was changed. To close the environment: ${again}`);
          return;
        }
        await confirmByName(environment, 'environment');
      }
      await close(context, config, shown, ports);
    });

type Shown = Parameters<typeof viewTeardown>[0];

async function close(context: Context, config: Config, shown: Shown, ports: Ports): Promise<void> {
  const by = await callerOf(ports);
  const closed = await closeEnvironment(config, shown, ports, { owner: leaseOwner('teardown'), by });
  if ('refusal' in closed)
    throw new CommandFailed(`Nothing was changed. ${closed.refusal} Run the command again.`);
  const { environment } = context;
  const waiting = waitingIn(shown);
  const going = shown.added.length - waiting;
  const which = waiting === 0 ? 'the deletions' : `the deletions of ${plural(going, 'table')}`;
  const next = [
    ...(going > 0 ? [`, and purge schedules ${which} in its next run`] : []),
    ...(waiting > 0 ? [`. ${plural(waiting, 'table waits', 'tables wait')} for the reasons above`] : []),
  ].join('');
  const message = `Closed ${environment}: purge deletes ${plural(shown.added.length, 'table')} after the waiting period.`;
  await record(context, ports, { command: 'teardown', message });
  if (context.json) return report(context, { ...shown, closing: closed.closing }, true);
  print(
    context,
    `\nClosed. Rotate creates no tables in ${environment}${next}.\nTo undo: turntable teardown --undo --env ${environment}`,
  );
}

function report({ json }: Context, shown: Shown, confirmed: boolean): void {
  if (json) console.log(visibleJson(jsonOfTeardown(shown, confirmed), 2));
}

/** @throws UsageError */
function requireUnprotected({ environment, settings }: Config): void {
  if (!settings.protected) return;
  throw new UsageError(
    `The environment ${environment} is protected, so no command tears it down. If it is not needed any more, set "Protected": false for it in settings.json: "Environments": { "${environment}": { "Protected": false } }.`,
  );
}

/** @throws UsageError if the environment has no table, probably because its name is mistyped */
function requireTables(
  { names, doomed, staying, unmanaged, closing }: Teardown,
  { specs }: Config,
  context: Context,
): void {
  if (closing || doomed.length + staying.length + unmanaged.length > 0) return;
  const { environment, source } = context;
  const groups = specs.map(({ name }) => name);
  const found = [...candidatesAmong(names, groups)].flatMap(([name, { samples }]) =>
    samples.length > 0 ? [name] : [],
  );
  const known = [...new Set([...found, ...readConfig(source).environments])].filter(
    (name) => name !== environment,
  );
  const hint = didYouMean(environment, known);
  throw new UsageError(
    `No table of the environment ${quote(environment)} exists. Environments with tables: ${found.join(', ') || 'none'}.${hint ? ` ${hint}` : ''}`,
  );
}

/** Does not need the configuration, so that it works if that is invalid. */
async function undo(context: Context): Promise<void> {
  const { environment, json } = context;
  const config = validConfig(context);
  const ports = portsOf(context);
  const reopened = await reopenEnvironment(ports);
  if (!reopened) {
    if (json)
      return console.log(visibleJson({ environment, wasClosed: false, canceled: [], due: [], gone: [] }, 2));
    return print(context, `The environment ${environment} is not closed. Nothing was changed.`);
  }
  const { failed } = reopened;
  const message =
    failed === undefined
      ? `Opened ${environment} again: canceled ${plural(reopened.canceled.length, 'scheduled deletion')}. Tables that are gone: ${reopened.gone.length}.`
      : `Opened ${environment} again.`;
  await record(context, ports, { command: 'teardown', message });
  const { closing, ...rest } = reopened;
  if (json) console.log(visibleJson({ environment, wasClosed: true, closed: written(closing), ...rest }, 2));
  else print(context, viewReopened(environment, reopened, config));
  if (failed !== undefined)
    throw new CommandFailed(
      `Could not cancel or list all scheduled deletions: ${withoutFinalDot(failed)}. Purge deletes no table because of the teardown any more, and rotate cancels the deletions.`,
    );
}

const written = (closing: Closing | undefined) =>
  closing ? { since: iso(closing.since), by: closing.by ?? null } : null;

function validConfig(context: Context): Config | undefined {
  try {
    return configOf(context);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
