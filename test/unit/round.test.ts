/** One round of a run: what is tried now, and what waits for something more urgent. */
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import type { Action } from '../../src/core/plan.ts';
import { type Urgency, urgencies } from '../../src/core/rotating/urgency.ts';
import { RateLimiter } from '../../src/jobs/rate-limiter.ts';
import { NO_TIME, type Pending, type Result, type Run, round } from '../../src/jobs/round.ts';
import { World } from '../support/sim/world.ts';
import { at } from '../support/specs.ts';

const NOW = at('2026-11-21T12:00');
const SECOND = 1_000;

const subject = (table: string) => ({ job: 'rotate', group: 'G', table, message: '' }) as const;
const create = (urgency: Urgency, table: string): Action => ({
  ...subject(table),
  kind: 'create',
  reason: 'missing',
  urgency,
  input: { TableName: table, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } },
});
const recovery = (table: string): Action => ({
  ...subject(table),
  kind: 'recovery',
  reason: 'settings-differ',
  enabled: true,
});
const lower: Action = {
  ...subject('a'),
  kind: 'lower',
  reason: 'period-ended',
  changes: [{ from: { read: 5, write: 1 }, to: { read: 1, write: 1 } }],
};
const pendingOf = (action: Action, more: Partial<Pending> = {}): Pending => ({
  action,
  place: 0,
  tries: 0,
  dueAt: NOW,
  ...more,
});
const LIMITED = { tries: 1, failure: 'Too many', limited: true } as const;

/** Plays one round. AWS refuses the tables of `full` because of a limit, and those of `slow` because of too many calls. */
async function play(
  due: readonly Pending[],
  given: Partial<Run> & { exists?: string[]; full?: string[]; slow?: string[] } = {},
) {
  const { exists = [], full = [], slow = [], ...more } = given;
  const world = new World(NOW, { createMs: 0, enableBackupsMs: 0 });
  const calls: string[] = [];
  for (const table of exists)
    await world.ports().tables.create({
      TableName: table,
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 1 },
    });
  world.onCall = (_, table) => {
    calls.push(table);
    if (full.includes(table)) throw new ServiceError('limit-exceeded', 'Too many');
    if (slow.includes(table)) throw new ServiceError('throttled', 'Rate exceeded');
  };
  const reported: Result[] = [];
  const run: Run = {
    ports: world.ports(),
    retries: 3,
    deadline: Infinity,
    begunAt: NOW,
    now: () => NOW,
    created: new Map(),
    missing: new Set(),
    canWait: () => false,
    rateLimiter: new RateLimiter(Infinity, world.clock, Infinity),
    halted: () => undefined,
    report: (result) => reported.push(result),
    ...more,
  };
  const { tried, untried } = await round(due, run);
  const names = (some: readonly Pending[]) => some.map(({ action }) => action.table);
  const results = reported.map(({ action, outcome }) => `${action.table} ${outcome}`);
  return { calls, tried: names(tried), untried: names(untried), results, created: run.created };
}

describe('a round', () => {
  it('creates the most urgent tables first, and then does what needs them', async () => {
    const due = [
      recovery('current'),
      create('backfill', 'backfill'),
      create('later', 'later'),
      create('next', 'next'),
      create('current', 'current'),
    ].map((action, place) => pendingOf(action, { place }));
    const { calls, created } = await play(due);
    expect(calls).toEqual(['current', 'next', 'later', 'backfill', 'current']);
    expect(created.get('later')).toEqual({ urgency: urgencies.later, at: NOW });
  });

  it('tries nothing before it is due', async () => {
    const due = [
      pendingOf(create('current', 'now'), { tries: 1 }),
      pendingOf(create('current', 'soon'), { tries: 1, dueAt: NOW + 1 }),
      pendingOf(recovery('soon')),
    ];
    const { calls, untried } = await play(due);
    expect(calls).toEqual(['now']);
    expect(untried).toEqual(['soon', 'soon']);
  });

  it('changes no more than four tables at a time', async () => {
    let active = 0;
    let most = 0;
    const world = new World(NOW);
    const ports = world.ports();
    const counted = async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
    };
    const due = Array.from({ length: 9 }, (_, i) => pendingOf(create('current', `t${i}`), { place: i }));
    await play(due, { ports: { ...ports, tables: { ...ports.tables, create: counted } } });
    expect(most).toBe(4);
  });

  it('ends what was tried with its failure, and skips the rest, if the run is over', async () => {
    const due = [
      pendingOf(create('current', 'a'), { ...LIMITED, dueAt: NOW + 1 }),
      pendingOf(create('next', 'b'), { dueAt: NOW + 1 }),
    ];
    const { calls, untried, results } = await play(due, { halted: () => 'No time.' });
    expect([calls, untried]).toEqual([[], []]);
    expect(results).toEqual(['a failed', 'b skipped']);
  });

  it.each<[string, Partial<Pending>, Partial<Run>, string]>([
    ['postpones what can wait', {}, {}, 'a postponed'],
    [
      'postpones what AWS had no room for',
      { tries: 1, failure: 'Rate exceeded', crowded: true },
      {},
      'a postponed',
    ],
    ['reports what failed for another reason', { tries: 1, failure: 'No answer' }, {}, 'a failed'],
    ['skips what cannot wait', {}, { canWait: () => false }, 'a skipped'],
    ['skips everything if it was stopped', {}, { halted: () => 'Stopped.' }, 'a skipped'],
  ])('%s when the run has no time left', async (_, pending, run, result) => {
    const options = { canWait: () => true, halted: () => NO_TIME, ...run };
    const { results } = await play([pendingOf(lower, pending)], options);
    expect(results).toEqual([result]);
  });

  it('postpones a lowering that AWS has throttled too often', async () => {
    const due = [pendingOf(lower, { tries: 3 })];
    const { results } = await play(due, { exists: ['a'], slow: ['a'], canWait: () => true });
    expect(results).toEqual(['a postponed']);
  });

  it.each<[string, Action, Partial<Run>, boolean]>([
    ['repeats a creation until the deadline', create('current', 'a'), { deadline: NOW + 300 * SECOND }, true],
    ['repeats a creation a limited number of times without a deadline', create('current', 'a'), {}, false],
    [
      'repeats another action a limited number of times although there is a deadline',
      recovery('a'),
      { deadline: NOW + 300 * SECOND },
      false,
    ],
    [
      'repeats until the deadline what it sets on a table that it created',
      recovery('a'),
      { deadline: NOW + 300 * SECOND, created: new Map([['a', { urgency: 0, at: NOW }]]) },
      true,
    ],
  ])('%s', async (_, action, more, again) => {
    const exists = action.kind === 'create' ? [] : ['a'];
    const { tried } = await play([pendingOf(action, { tries: 3 })], { ...more, exists, full: ['a'] });
    expect(tried).toEqual(again ? ['a'] : []);
  });
});

describe('a creation that fails because of a limit', () => {
  const current = pendingOf(create('current', 'current'), LIMITED);
  const next = pendingOf(create('next', 'next'), { ...LIMITED, place: 1 });
  const full = ['current'];
  const since = (ms: number): Partial<Run> => ({ begunAt: NOW - ms });
  const created = (urgency: Urgency, ago: number): Partial<Run> => ({
    ...since(600 * SECOND),
    created: new Map([['other', { urgency: urgencies[urgency], at: NOW - ago }]]),
  });

  it.each<[string, readonly Pending[], Partial<Run>, string[]]>([
    ['holds up less urgent ones', [current, next], {}, ['next']],
    ['holds up less urgent ones for 30 seconds', [current, next], since(30 * SECOND - 1), ['next']],
    ['holds up none after 30 seconds', [current, next], since(30 * SECOND), []],
    [
      'holds up none after a quarter of a short run',
      [current, next],
      { ...since(2 * SECOND), deadline: NOW + 6 * SECOND },
      [],
    ],
    ['holds up less urgent first tries too', [current, pendingOf(create('next', 'next'))], {}, ['next']],
    [
      'holds up no equally urgent one',
      [current, pendingOf(create('current', 'twin'), { ...LIMITED, place: 1 })],
      {},
      [],
    ],
    [
      'holds up less urgent ones after 30 seconds until it is due, because it is tried before them',
      [{ ...current, dueAt: NOW + 1 }, next],
      since(30 * SECOND),
      ['current', 'next'],
    ],
    [
      'holds up none because a less urgent one is not due',
      [current, next, pendingOf(create('later', 'later'), { ...LIMITED, place: 2, dueAt: NOW + 1 })],
      since(30 * SECOND),
      ['later'],
    ],
    [
      'holds up less urgent ones for 30 seconds after an equally urgent creation succeeded',
      [current, next],
      created('current', 30 * SECOND - 1),
      ['next'],
    ],
    [
      'holds up none 30 seconds after an equally urgent creation succeeded',
      [current, next],
      created('current', 30 * SECOND),
      [],
    ],
    ['holds up none because a less urgent creation succeeded', [current, next], created('next', 0), []],
    [
      'holds up less urgent ones after a more urgent creation succeeded',
      [
        pendingOf(create('next', 'current'), LIMITED),
        pendingOf(create('later', 'next'), { ...LIMITED, place: 1 }),
      ],
      created('current', 0),
      ['next'],
    ],
  ])('%s', async (_, due, run, untried) => {
    expect((await play(due, { ...run, full })).untried).toEqual(untried);
  });

  it('holds up no other creation once it succeeds', async () => {
    const { results } = await play([current, next]);
    expect(results).toEqual(['current applied', 'next applied']);
  });

  it('holds up none if it fails because of too many calls instead', async () => {
    const { untried, results } = await play([current, next], { slow: ['current'] });
    expect(untried).toEqual([]);
    expect(results).toEqual(['next applied']);
  });
});
