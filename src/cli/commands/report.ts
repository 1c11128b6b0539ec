import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote, visibleJson } from '../../config/quote.ts';
import { DAY_MS } from '../../core/calendar/period.ts';
import type { FleetReport } from '../../core/report/model.ts';
import { metricCount } from '../../core/report/series.ts';
import { LONGEST_DAYS, type ReportWindow, reportWindow } from '../../core/report/window.ts';
import type { Config } from '../../core/spec.ts';
import { placeOf } from '../../jobs/place.ts';
import { fleetReport } from '../../jobs/report.ts';
import { GENERATOR, reportPage } from '../../report/page.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { durationOption } from '../duration.ts';
import { UsageError } from '../failure.ts';
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
  command('report', 'write a page with time-lines, charts, holds, cost, and next changes of all groups')
    .option('-o, --out <file>', 'HTML file to write. It needs no other file and no network')
    .option('--since <duration>', 'time that the charts show, such as 12h, 7d, or 4w', '7d')
    .action(async (options: ReportOptions) => {
      const context = contextOf(options);
      const [sinceMs, out] = together<readonly [number, string | undefined]>(
        () => sinceOption(options.since),
        () => outOption(options.out, context.json),
      );
      rejectFuture('report', context.now);
      const config = configOf(context);
      const window = reportWindow(sinceMs, context.now);
      console.error(sayPrice(config, window));
      let progress: ReturnType<typeof progressOn> | undefined;
      const onStep = (what: string, of: number): void => {
        progress ??= progressOn(process.stderr, of);
        progress.step(what);
      };
      const ports = portsOf(context);
      const place = await placeOf(ports, context.environment);
      const report = await fleetReport({ config, now: context.now, window, place, onStep }, ports);
      progress?.done();
      const page = out === undefined ? '' : reportPage(report);
      if (out !== undefined) write(out, page);
      if (context.json) console.log(visibleJson(report));
      else console.log(sayWritten(out!, page, report));
    });

/** @throws UsageError */
function sinceOption(text: string): number {
  const sinceMs = durationOption('--since', text);
  if (sinceMs <= LONGEST_DAYS * DAY_MS) return sinceMs;
  throw new UsageError(
    `--since ${quote(text)} is longer than ${LONGEST_DAYS} days, the retention of CloudWatch metrics.`,
  );
}

/** Checks before the first read of AWS, and before anything is overwritten that is no report. @throws UsageError */
function outOption(out: string | undefined, json: boolean): string | undefined {
  if (out === undefined) {
    if (json) return undefined;
    throw new UsageError('Nothing to write: set --out to the file for the page, or use --json.');
  }
  const found = statSync(out, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new UsageError(`--out ${quote(out)} is a folder. Name a file in it.`);
  if (!found && !statSync(dirname(out), { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--out ${quote(out)}: the folder ${quote(dirname(out))} does not exist.`);
  if (found && found.size > 0 && !isReport(out))
    throw new UsageError(
      `--out ${quote(out)} exists and is not a report, so it is not overwritten. Choose another file.`,
    );
  return out;
}

const isReport = (file: string): boolean => readFileSync(file, 'utf8').slice(0, 4096).includes(GENERATOR);

function sayPrice({ specs, prices }: Config, window: ReportWindow): string {
  const metrics = metricCount(specs, window);
  return `Reads ${plural(metrics, 'metric')} of ${plural(specs.length, 'group')} for the charts, for ${sayUsd(metrics * prices.metricRead)}. A shorter --since reads fewer.`;
}

const sayUsd = (usd: number): string => `USD ${Number(usd.toPrecision(2))}`;

function sayWritten(
  out: string,
  page: string,
  { groups, cost, metricReads, metricReadsUsd }: FleetReport,
): string {
  const tables = cost.phases.reduce((all, phase) => all + phase.tables, 0);
  const size = sayBytes(Buffer.byteLength(page));
  return `Wrote ${visible(out)}: ${plural(groups.length, 'group')}, ${plural(tables, 'table')}, ${size}. Read ${plural(metricReads, 'metric')} for ${sayUsd(metricReadsUsd)}.`;
}
