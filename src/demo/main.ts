import { join } from 'node:path';
import { style } from '../cli/views/text.ts';
import { HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import type { Job } from '../core/plan.ts';
import { describeChanges } from '../core/throughput.ts';
import { startEmbeddedAws } from '../embedded/index.ts';
import { createResolver } from '../index.ts';
import { awsPorts } from '../runtime.ts';
import { Application } from './application.ts';
import { chapter, invoke, show, type } from './stage.ts';

const ENVIRONMENT = 'production';
const CONFIG = join(import.meta.dirname, '../../examples/demo/config');

let now = Date.parse('2026-11-21T09:00:00Z');
const at = (): string => new Date(now).toISOString().replace('.000', '');
/** The jobs use the clock of this process, which must agree with the clock of the embedded AWS. */
Date.now = () => now;
const clock = (): string => at().slice(0, 16).replace('T', ' ');

const aws = await startEmbeddedAws({ now: () => now });
Object.assign(process.env, aws.env, {
  TURNTABLE_ENVIRONMENT: ENVIRONMENT,
  TURNTABLE_CONFIG: CONFIG,
  TURNTABLE_LOG: 'silent',
});

console.log(style.heading('Turntable on an embedded AWS'));
console.log(
  style.faint(
    'A real DynamoDB API on 127.0.0.1, the real SDK, and the handlers that Lambda runs. Only time is virtual.',
  ),
);

chapter('Specs', 'Operators edit JSON. Here are two groups: SessionFlags (daily) and Clicks (monthly).');
await type('validate');
await type('tables', '--at', at());

chapter(
  'Plan and rotate',
  'The account is empty. The plan lists the missing tables, and the rotate handler creates them.',
);
await awsPorts(ENVIRONMENT).state.initialize();
await type('plan', '--at', at());
console.log(`\n${style.faint('EventBridge')} → rotate, ${clock()}`);
show(await invoke('rotate', now));

chapter(
  'Load rises, capacity follows',
  'An application writes to the table that the resolver names. Scale reads CloudWatch every minute.',
);
const resolver = createResolver({
  environment: ENVIRONMENT,
  tables: [{ TableName: 'SessionFlags', RotationScheme: 'daily' }],
});
const application = new Application(resolver);
now += 10 * MINUTE_MS;
let capacity = 5;
for (let minute = 0; minute < 44; minute += 1) {
  const demand = minute < 24 ? 3 + minute * 0.75 : 4;
  const { written, throttled } = await application.write(now, demand);
  now += MINUTE_MS;
  const { results } = await invoke('scale', now);
  const changes = results.flatMap(({ action }) => ('changes' in action ? action.changes : []));
  const bar = '█'.repeat(Math.round(written)) + style.bad('▒'.repeat(Math.round(throttled)));
  const summary = changes.length > 0 ? style.change(`  ${describeChanges(changes)}`) : '';
  if (minute % 4 === 0 || changes.length > 0 || throttled > 0) {
    console.log(
      `  ${clock().slice(11)}  ${written.toFixed(1).padStart(5)}/s of ${String(capacity).padStart(2)}  ${bar}${summary}`,
    );
  }
  capacity = changes.find(({ index }) => index === undefined)?.to.write ?? capacity;
}

const report = async (job: Job): Promise<void> => {
  const summary = await invoke(job, now);
  if (summary.results.length === 0) return;
  console.log(`  ${clock()}  ${job}`);
  show(summary, '    ');
};

chapter(
  'Midnight',
  'Minutes before midnight, scale raises the next table to match the current one. Then writes switch to it.',
);
for (now = Date.parse('2026-11-21T23:20:00Z'); now < Date.parse('2026-11-22T00:08:00Z'); ) {
  const { table, written, throttled } = await application.write(now, 4);
  const lost = throttled > 0 ? style.bad(` ${throttled.toFixed(1)}/s throttled`) : '';
  if (now % HOUR_MS >= 58 * MINUTE_MS || now % HOUR_MS < 2 * MINUTE_MS || lost)
    console.log(`  ${clock()}  ${written.toFixed(1)}/s → ${style.heading(table)}${lost}`);
  now += MINUTE_MS;
  await report('scale');
}

chapter(
  'The next days',
  'Rotate and purge create, warm, schedule for deletion, and delete tables. Here, rotate runs hourly, and three times before midnight.',
);
const end = Date.parse('2026-11-25T00:00:00Z');
for (let hour = Date.parse('2026-11-22T01:00:00Z'); hour < end; hour += HOUR_MS) {
  const hours = new Date(hour).getUTCHours();
  now = hour + 5 * MINUTE_MS;
  await report('rotate');
  if (hours === 3) {
    now = hour + 35 * MINUTE_MS;
    await report('purge');
  }
  for (const minute of hours === 23 ? [50, 54] : []) {
    now = hour + minute * MINUTE_MS;
    await report('rotate');
  }
}
now = end + 4 * MINUTE_MS;

chapter('Status and plan', 'One minute before rotate runs: consumption, capacity, and the next changes.');
await type('status', '--at', at());
await type('plan', '--at', at());

console.log(`
${style.heading('Read next')}
  README.md              what Turntable promises and how it decides
  docs/operators.md      commands, jobs, holds, on call
  docs/configuration.md  every key of tables.json, settings.json and prices.json
  docs/applications.md   the resolver: which table is current
  docs/deployment.md     serverless.yml, permissions, alarms
`);
await aws.close();
