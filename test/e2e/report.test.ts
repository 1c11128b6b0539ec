/** Writes the report of an embedded AWS with a deleted table, throttled requests and holds. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FleetReport } from '../../src/core/report/model.ts';
import { unpacked } from '../../src/core/report/runs.ts';
import { AT, CliOnAws, ownFolder } from '../support/cli-on-aws.ts';
import { MINUTE } from '../support/specs.ts';

const folder = ownFolder();
const cli = new CliOnAws();
const TODAY = 'production.Flags.20251121';

/** Two hours of a new group, with throttled requests in one minute. */
async function traffic(): Promise<void> {
  await cli.run('init');
  expect((await cli.run('rotate')).code).toBe(0);
  for (let minute = 0; minute < 120; minute += 1, cli.now += MINUTE) {
    const at = { table: TODAY, minute: cli.now };
    cli.aws.recordMetric({ metric: 'ConsumedWriteCapacityUnits', sum: minute === 60 ? 3000 : 120, ...at });
    if (minute === 60) cli.aws.recordMetric({ metric: 'WriteThrottleEvents', sum: 45, ...at });
  }
}

test('writes one page, says what it read and what that cost, and replaces its own page', async () => {
  await traffic();
  const file = join(folder(), 'fleet.html');
  const { code, stdout, stderr } = await cli.run('report', '--out', file, '--since', '3h');
  expect([code, stderr]).toEqual([
    0,
    'Reads 6 metrics of 1 group for the charts, for USD 0.00006. A shorter --since reads fewer.\n',
  ]);
  expect(stdout).toMatch(
    /^Wrote .*fleet\.html: 1 group, [23] tables, \d+(\.\d)? kB\. Read \d+ metrics for USD 0\.\d+\.\n$/,
  );
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('<h1>production</h1>');
  expect(page).toMatch(/<p>Account \d{12}, us-east-1\. Fleet report/);
  expect(page).toContain(TODAY);
  expect(page).toContain('throttled requests');
  expect(page).toContain('<td>create</td>');
  expect((await cli.run('report', '--out', file, '--since', '3h')).code).toBe(0);
});

test('prints the same as JSON', async () => {
  await traffic();
  const { stdout } = await cli.run('report', '--json', '--since', '3h');
  const report: FleetReport = JSON.parse(stdout);
  const writes = report.groups[0]!.charts.find(({ dimension }) => dimension === 'write')!;
  const start = (Date.parse(AT) - Date.parse(report.points.start)) / MINUTE;
  const { count, minutes } = report.points;
  expect(minutes).toBe(1);
  expect(unpacked(writes.consumed, count)[start + 60]).toBe(50);
  expect(unpacked(writes.throttled, count)[start + 60]).toBe(45);
  // DynamoDB publishes capacity from the creation of the table on.
  const capacity = unpacked(writes.capacity, count);
  expect([capacity[start - 1], capacity[start + 1], capacity[start + 60]]).toEqual([-1, 5, 5]);
  expect(report.groups[0]!.tables.find(({ name }) => name === TODAY)).toMatchObject({
    state: 'active',
    status: 'ACTIVE',
    createdAt: new Date(AT).toISOString(),
  });
  expect(report.metricReadsUsd).toBeCloseTo(report.metricReads / 100_000);
});

test('overwrites nothing that is not a report, before it reads anything', async () => {
  const file = join(folder(), 'tables.json');
  writeFileSync(file, '[]');
  cli.aws.intercept = () => ({ type: 'AccessDeniedException', message: 'nothing may be read' });
  const { code, stderr } = await cli.run('report', '--out', file);
  expect([code, stderr]).toEqual([
    2,
    `Error: --out "${file}" exists and is not a report, so it is not overwritten. Choose another file.\n`,
  ]);
  expect(readFileSync(file, 'utf8')).toBe('[]');
});

test.each([
  [[], 'Nothing to write: set --out to the file for the page, or use --json.'],
  [['--out', 'no/such/fleet.html'], '--out "no/such/fleet.html": the folder "no/such" does not exist.'],
  [['--out', 'src'], '--out "src" is a folder. Name a file in it.'],
  [['--out', 'fleet/'], '--out "fleet/" is a folder. Name a file in it.'],
  [['--out', ''], '--out "" is a folder. Name a file in it.'],
  [['--out', 'fleet.html', '--since', 'yesterday'], '--since "yesterday" is not a valid duration'],
  [['--out', 'fleet.html', '--since', '3y'], '--since "3y" is not a valid duration'],
  [
    ['--out', 'fleet.html', '--since', '66w'],
    '--since "66w" is longer than 455 days, the retention of CloudWatch metrics.',
  ],
  [['--out', 'fleet.html', '--at', '2125-01-01'], 'report rejects a future time'],
])('rejects %j', async (args, message) => {
  const { code, stderr, stdout } = await cli.run('report', ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test.each([
  ['Nothing to write: set --out to the file for the page, or use --json.', []],
  ['--out "src" is a folder. Name a file in it.', ['--out', 'src']],
  ['--out "no/fleet.html": the folder "no" does not exist.', ['--out', 'no/fleet.html']],
])('says once for several regions: %s', async (message, args) => {
  const { code, stderr } = await cli.run('report', '--region', 'us-east-1,eu-west-1', ...args);
  expect([code, stderr]).toEqual([2, `Error: ${message}\n`]);
});

test('says all problems of one command line at once', async () => {
  const { stderr } = await cli.run('report', '--since', '0d');
  expect(stderr).toContain('--since "0d" is not a valid duration');
  expect(stderr).toContain('Nothing to write');
});

test('reports the fleet even if no metric can be read', async () => {
  await traffic();
  cli.aws.intercept = (operation) =>
    operation === 'GetMetricData' ? { type: 'AccessDeniedException', message: 'not allowed' } : undefined;
  const file = join(folder(), 'unread.html');
  expect((await cli.run('report', '--out', file)).code).toBe(0);
  expect(existsSync(file)).toBe(true);
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('Could not read the writes: not allowed');
  expect(page).not.toContain('<figure');
});
