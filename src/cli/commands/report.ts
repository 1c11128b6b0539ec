import { readFileSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { quote, visibleJson } from '../../config/quote.ts';
import { DAY_MS } from '../../core/calendar/period.ts';
import type { FleetReport } from '../../core/report/model.ts';
import { metricCount } from '../../core/report/series.ts';
import { LONGEST_DAYS, type ReportWindow, reportWindow } from '../../core/report/window.ts';
import type { Config } from '../../core/spec.ts';
import { placeOf } from '../../jobs/place.ts';
import { fleetReport } from '../../jobs/report.ts';
import { GENERATOR, reportPage } from '../../report/page.ts';
import { type CommonOptions, type Context, configOf, portsOf } from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
import { contextsOf, everywhere, jsonOfPlaces, placesCommand, viewPlaces } from '../places.ts';
import { rejectFuture } from '../present.ts';
import { progressOn } from '../progress.ts';
import { together } from '../together.ts';
import { plural, sayBytes, visible } from '../views/text.ts';
import { write } from '../written.ts';

interface ReportOptions extends CommonOptions {
  readonly out?: string;
  readonly since: string;
}

export const reportCommand = () =>
  placesCommand('report', 'write a page with time-lines, charts, holds, cost, and next changes of all groups')
    .option('-o, --out <file>', 'HTML file to write. It needs no other file and no network')
    .option('--since <duration>', 'time that the charts show, such as 12h, 7d, or 4w', '7d')
    .action(async (options: ReportOptions) => {
      const contexts = contextsOf(options);
      const [context] = contexts as readonly [Context];
      const { json, now } = context;
      const fileOf = ({ chosen }: Context): string | undefined =>
        contexts.length === 1 ? options.out : fileIn(options.out, chosen);
      const [sinceMs] = together(
        () => sinceOption(options.since),
        () => outOption(options.out, json),
        ...contexts.map((one) => () => fileOption(fileOf(one))),
      );
      rejectFuture('report', now);
      const config = configOf(context);
      const window = reportWindow(sinceMs as number, now);
      console.error(sayPrice(config, window, contexts.length));
      let progress: ReturnType<typeof progressOn> | undefined;
      const onStep = (what: string, of: number): void => {
        // Each place has as many steps.
        progress ??= progressOn(process.stderr, of * contexts.length);
        progress.step(what);
      };
      const read = (one: Context) => reportOf(one, config, window, { file: fileOf(one), onStep });
      if (contexts.length === 1) {
        const { report, page } = await read(context);
        progress?.done();
        return console.log(json ? visibleJson(report) : sayWritten(options.out!, page, report));
      }
      const answers = await everywhere(contexts, read);
      progress?.done();
      const reports = answers.map((one) => ('value' in one ? { ...one, value: one.value.report } : one));
      console.log(
        json
          ? jsonOfPlaces(reports, 'report')
          : viewPlaces(answers, reportColumns, reportCells, ({ report, page }, one) =>
              sayWritten(fileOf(one)!, page, report),
            ),
      );
    });

interface Written {
  readonly report: FleetReport;
  /** Empty without a file. */
  readonly page: string;
}

/** Reads the report of one place, and writes its page. */
async function reportOf(
  context: Context,
  config: Config,
  window: ReportWindow,
  {
    file,
    onStep,
  }: { readonly file: string | undefined; readonly onStep: (what: string, of: number) => void },
): Promise<Written> {
  const ports = portsOf(context);
  const place = await placeOf(ports, context.environment);
  const report = await fleetReport({ config, now: context.now, window, place, onStep }, ports);
  const page = file === undefined ? '' : reportPage(report);
  if (file !== undefined) write(file, page);
  return { report, page };
}

/** `report.eu-west-1.html`: each place has a page of its own. */
function fileIn(out: string | undefined, { region, profile }: Context['chosen']): string | undefined {
  if (out === undefined) return undefined;
  const { dir, name, ext } = parse(out);
  const place = [region, profile].filter((part) => part !== undefined).join('.');
  return join(dir, `${name}.${place.replace(/[^\w.-]/g, '_')}${ext}`);
}

const reportColumns = [
  { title: 'ACCOUNT' },
  { title: 'GROUPS', align: 'right' as const },
  { title: 'TABLES', align: 'right' as const },
  { title: 'USD/MONTH', align: 'right' as const },
];

const tableCount = ({ cost }: FleetReport): number =>
  cost.phases.reduce((all, phase) => all + phase.tables, 0);

const reportCells = ({ report }: Written): string[] => [
  visible(report.account ?? 'unknown'),
  String(report.groups.length),
  String(tableCount(report)),
  report.cost.month.toFixed(2),
];

/** @throws UsageError */
function sinceOption(text: string): number {
  const sinceMs = durationOption('--since', text);
  if (sinceMs <= LONGEST_DAYS * DAY_MS) return sinceMs;
  throw new UsageError(
    `--since ${quote(text)} is longer than ${LONGEST_DAYS} days, the retention of CloudWatch metrics.`,
  );
}

/** Checks before the first read of AWS. @throws UsageError */
function outOption(out: string | undefined, json: boolean): void {
  if (out === undefined) {
    if (json) return;
    throw new UsageError('Nothing to write: set --out to the file for the page, or use --json.');
  }
  if (/^$|[\\/]$/.test(out) || isFolder(out))
    throw new UsageError(`--out ${quote(out)} is a folder. Name a file in it.`);
  if (!isFolder(dirname(out)))
    throw new UsageError(`--out ${quote(out)}: the folder ${quote(dirname(out))} does not exist.`);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The same for the file of one place, before anything is overwritten that is no report. @throws UsageError */
function fileOption(file: string | undefined): void {
  const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file === undefined || !found) return;
  if (found.isDirectory() || (found.size > 0 && !isReport(file)))
    throw new UsageError(
      `--out ${quote(file)} exists and is not a report, so it is not overwritten. Choose another file.`,
    );
}

const isReport = (file: string): boolean => readFileSync(file, 'utf8').slice(0, 4096).includes(GENERATOR);

function sayPrice({ specs, prices }: Config, window: ReportWindow, places: number): string {
  const metrics = metricCount(specs, window) * places;
  return `Reads ${plural(metrics, 'metric')} of ${plural(specs.length, 'group')} for the charts, for ${sayUsd(metrics * prices.metricRead)}. A shorter --since reads fewer.`;
}

const sayUsd = (usd: number): string => `USD ${Number(usd.toPrecision(2))}`;

function sayWritten(out: string, page: string, report: FleetReport): string {
  const { groups, metricReads, metricReadsUsd } = report;
  const tables = tableCount(report);
  const size = sayBytes(Buffer.byteLength(page));
  return `Wrote ${visible(out)}: ${plural(groups.length, 'group')}, ${plural(tables, 'table')}, ${size}. Read ${plural(metricReads, 'metric')} for ${sayUsd(metricReadsUsd)}.`;
}
