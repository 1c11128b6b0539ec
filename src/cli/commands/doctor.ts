import { Option } from 'commander';
import { loadDeployment, readDeployment, type StackParameters } from '../../config/deployment.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { functionSize } from '../../config/shards.ts';
import type { AlarmKey } from '../../core/doctor/stack-alarms.ts';
import type { FunctionSize } from '../../core/function-size.ts';
import { examine } from '../../jobs/doctor.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { groupsNamed } from '../group.ts';
import { type Class, classes } from '../policies.ts';
import { proxiesIn } from '../proxies.ts';
import { print } from '../suggested.ts';
import { together } from '../together.ts';
import { viewDoctor } from '../views/doctor.ts';

interface DoctorOptions extends CommonOptions {
  readonly floor?: string;
  readonly class?: Class;
}

/** Capacity units per second. */
const USUAL_FLOOR = 100;

export const doctorCommand = () =>
  command('doctor', 'look for what is wrong or will go wrong, and say how to cure it. Changes nothing')
    .argument('[groups...]', 'show findings about these groups, and about the environment (default: all)')
    .option(
      '--floor <units>',
      `report tables of production with less throughput per second (default: ${USUAL_FLOOR}). 0 reports none`,
    )
    .addOption(
      new Option(
        '--class <class>',
        'also ask for the permissions of an operator or owner, by calls that change nothing (default: reader)',
      ).choices(classes),
    )
    .action(async (groups: string[], options: DoctorOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const [shown, floor, stack] = together(
        () => groupsNamed(config, groups),
        () => floorOption(options.floor),
        () => stackOf(context),
      );
      const { now } = context;
      const size = stack && functionSize(stack, config, now);
      const request = {
        config,
        now,
        proxies: proxiesIn(process.env),
        // CloudFormation begins the names of the alarms with the name of the stack.
        alarmPrefix: `${stack?.ServiceName ?? USUAL_SERVICE}-${context.environment}-`,
        alarmKeys: alarmKeysOf(stack, size),
        functionSize: size,
        floor,
        classes: writing(options.class),
        shown,
      };
      const report = await examine(request, portsOf(context));
      if (context.json) console.log(visibleJson(report, 2));
      else print(context, viewDoctor(report));
      if (report.counts.severe > 0) process.exitCode = 1;
    });

/** Each class has the permissions of the classes before it. A reader changes nothing. */
const writing = (chosen: Class = 'reader') =>
  classes.slice(0, classes.indexOf(chosen) + 1).filter((one) => one !== 'reader');

/** @throws UsageError */
function floorOption(text: string | undefined): number {
  if (text === undefined) return USUAL_FLOOR;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new UsageError(
    `--floor ${quote(text)} is not a number of units per second. Use a number such as 100.`,
  );
}

/** The stack that deployment.json describes, if there is one. It is never read from S3. @throws ConfigError */
function stackOf({ source, environment }: Context): StackParameters | undefined {
  const folder = typeof source === 'string' ? source : 'config';
  return readDeployment(folder, environment).written ? loadDeployment(folder, environment) : undefined;
}

/** Which keys add alarms to the stack. One shard is the function of scale itself, which has the alarms of every stack. */
const alarmKeysOf = (stack: StackParameters | undefined, size: FunctionSize | undefined): AlarmKey[] =>
  Object.entries({
    ConfigBucket: stack?.ConfigBucket !== undefined,
    ReportBucket: stack?.ReportBucket !== undefined,
    RestoreDrills: stack?.RestoreDrills === true,
    Shards: size !== undefined && size.shards > 1,
  } satisfies Record<AlarmKey, boolean>).flatMap(([key, isUsed]) => (isUsed ? [key as AlarmKey] : []));

/** The default of ServiceName in deployment.json. */
const USUAL_SERVICE = 'turntable';
