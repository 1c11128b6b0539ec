/**
 * Compares how many names per second the resolver finds with a loop that only reads the clock: `node bench/resolver.ts`.
 * `node bench/resolver.ts OTHER/dist dist` compares the nanoseconds of builds, in processes that take turns.
 */
import { parseArgs } from 'node:util';
import { table } from '../src/cli/views/text.ts';
import { buildIn, compare } from './builds.ts';

const CALLS = 100_000;
const TURNS = 9;
const DAY_MS = 86_400_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
if (positionals.length > 1) {
  console.log(await compare(import.meta.filename, positionals, TURNS));
  process.exit();
}
const ROUNDS = values.json ? 30 : 150;
const { createResolver } = await buildIn(positionals[0]);
const now = Date.now();
const resolver = createResolver({
  environment: 'production',
  tables: [
    { TableName: 'Days', RotationScheme: 'daily', PurgeRotation: 14 },
    { TableName: 'Months', RotationScheme: 'monthly', PurgeRotation: 12 },
    { TableName: 'Hours', RotationScheme: 'hourly', PurgeRotation: 48 },
  ],
});
const date = new Date(now);
const text = date.toISOString();
const texts = Array.from({ length: 13 }, (_, i) => new Date(now - i * (DAY_MS + 12_345)).toISOString());

const cases: readonly [what: string, resolve: (i: number) => string | number][] = [
  ['Date.now() alone', () => Date.now()],
  ['current, daily', () => resolver.current('Days')],
  ['current, monthly', () => resolver.current('Months')],
  ['next, daily', () => resolver.next('Days')],
  ['tableFor, a number of today', () => resolver.tableFor('Days', now)],
  ['tableFor, a Date of today', () => resolver.tableFor('Days', date)],
  ['tableFor, any of 14 days', (i) => resolver.tableFor('Days', now - (i % 13) * DAY_MS)],
  ['tableFor, any of 48 hours', (i) => resolver.tableFor('Hours', now - (i % 47) * 3_600_000)],
  ['tableFor, any of 12 months', (i) => resolver.tableFor('Months', now - (i % 11) * 30 * DAY_MS)],
  ['tableFor, an ISO string of today', () => resolver.tableFor('Days', text)],
  ['tableFor, ISO strings of 14 days', (i) => resolver.tableFor('Days', texts[i % texts.length]!)],
  ['tableFor, ISO strings, monthly', (i) => resolver.tableFor('Months', texts[i % texts.length]!)],
];

/** Calls per second in the fastest round, because other processes use the machine too. */
function rateOf(resolve: (i: number) => string | number): number {
  let best = 0;
  let sink = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    for (let i = 0; i < CALLS; i += 1) sink += String(resolve(i)).length;
    best = Math.max(best, CALLS / ((performance.now() - began) / 1000));
  }
  if (sink === 0) throw new Error('The resolver returned no names.');
  return best;
}

const rates = cases.map(([what, resolve]) => [what, rateOf(resolve)] as const);
const clock = rates[0]![1];
if (values.json)
  console.log(JSON.stringify(Object.fromEntries(rates.map(([what, rate]) => [what, 1e9 / rate]))));
else
  console.log(
    table(
      [{ title: 'RESOLUTION' }, { title: 'MILLION/S', align: 'right' }, { title: '× CLOCK', align: 'right' }],
      rates.map(([what, rate]) => [what, (rate / 1e6).toFixed(1), (rate / clock).toFixed(2)]),
    ),
  );
