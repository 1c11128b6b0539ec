/** Which event source mappings purge removes, by facts alone. */
import { describe, expect, it, test } from 'vitest';
import { queryFor } from '../../src/core/capacity/demand.ts';
import type { Closing, EventSourceMapping, Reading, TableState } from '../../src/core/facts.ts';
import { Observed } from '../../src/core/observed.ts';
import { needing } from '../../src/core/outcome.ts';
import type { Action, Draft } from '../../src/core/plan.ts';
import { PlanBuilder } from '../../src/core/plan-builder.ts';
import { endedMappings, withMappingsOfDeleted } from '../../src/core/purging/streams.ts';
import type { Spec } from '../../src/core/spec.ts';
import { DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { NOON, TODAY, TOMORROW } from '../support/streaming.ts';

const GONE = 'production.Events.20261101';
const TABLES = 'arn:aws:dynamodb:us-east-1:000000000000:table/';
const spec = specOf({ consumers: ['visits'] });
const write = (table: string) => queryFor(table, undefined, 'write', 'consumed');

const streamOf = (table: string, since = '2026-11-01T00:00:00.000') => `${TABLES}${table}/stream/${since}`;
const mapping = (id: string, source: string, state = 'Enabled'): EventSourceMapping => ({
  id,
  source,
  state,
  settings: {},
});
const tableWith = (name: string, stream?: string) => ({ name, arn: TABLES + name, stream }) as TableState;

interface Known {
  readonly names?: readonly string[];
  /** Descriptions of tables besides today's. */
  readonly tables?: Readonly<Record<string, Reading<TableState | undefined>>>;
  readonly mappings?: Readonly<Record<string, Reading<readonly EventSourceMapping[] | undefined>>>;
  /** Units written to the table that is gone, by minute. */
  readonly written?: readonly (readonly [number, number])[] | 'unread';
}

/** Facts of a group whose table of today exists, while CloudWatch delivers metrics. */
function knowing({ names = [TODAY, TOMORROW], tables = {}, mappings = {}, written = [] }: Known): Observed {
  const observed = new Observed(names);
  const described = { [TODAY]: { value: tableWith(TODAY, streamOf(TODAY)) }, ...tables };
  for (const [name, reading] of Object.entries(described)) observed.learn('description', name, reading);
  for (const [name, reading] of Object.entries(mappings)) observed.learnMappings(name, reading);
  const window = { from: NOON - 2 * DAY, to: NOON };
  if (written !== 'unread') observed.learnMetric(write(GONE), window, { sums: new Map(written) });
  observed.learnMetric(write('production.turntable'), window, { sums: new Map([[NOON - 5 * MINUTE, 1]]) });
  return observed;
}

const withMappings = (...value: EventSourceMapping[]) => ({ visits: { value } });

/** All that is decided: `detach TABLE MAPPING`, `[TABLE reason] message`, `read FACT of NAME`. */
const decided = (observed: Observed, of: Spec = spec, now = NOON, closing?: Closing): string[] =>
  endedMappings(observed, of, now, closing).flatMap(({ table, outcome }) => [
    ...outcome.actions.map((one) => `detach ${table.name} ${'mapping' in one ? one.mapping : ''}`),
    ...outcome.holds.map(({ reason, message }) => `[${table.name} ${reason}] ${message}`),
    ...outcome.needs.map(
      (need) => `read ${need.fact} of ${'table' in need ? need.table : 'function' in need && need.function}`,
    ),
  ]);

describe('the mapping of a table that no longer exists', () => {
  const mappings = withMappings(mapping('gone', streamOf(GONE)));
  const held = (last: string, until: string) => [
    `[${GONE} stream-records] The table no longer exists. It was last written at ${last} UTC. The stream can be read until ${until} UTC, so the event source mapping of visits stays until then.`,
  ];
  const detached = [`detach ${GONE} gone`];

  it.each<[string, [number, number][], string[]]>([
    ['was not written', [], detached],
    ['has a sum of 0 in each minute', [[NOON - HOUR, 0]], detached],
    ['was last written more than 24 hours ago', [[NOON - DAY - MINUTE, 60]], detached],
    [
      'was last written in the minute that began 24 hours ago',
      [[NOON - DAY, 60]],
      held('2026-11-20 12:00', '2026-11-21 12:00'),
    ],
    [
      'was written in the last minute whose sum is complete',
      [[NOON - 2 * MINUTE, 60]],
      held('2026-11-21 11:58', '2026-11-22 11:58'),
    ],
    [
      'was written later than the window that purge reads',
      [[NOON - MINUTE, 60]],
      held('2026-11-21 11:59', '2026-11-22 11:59'),
    ],
    [
      'was written in several minutes, of which the last counts, in any order',
      [
        [NOON - 9 * HOUR, 60],
        [NOON - 3 * HOUR, 1],
        [NOON - 6 * HOUR, 60],
        [NOON - HOUR, 0],
      ],
      held('2026-11-21 09:00', '2026-11-22 09:00'),
    ],
  ])('is removed or stays, if the table %s', (_, written, expected) => {
    expect(decided(knowing({ mappings, written }))).toEqual(expected);
  });

  it('needs the writes to it and the state table in 24 hours, in whole minutes that ended a minute ago', () => {
    const window = { from: NOON + MINUTE - DAY, to: NOON };
    const needs = (observed: Observed) =>
      endedMappings(observed, spec, NOON + MINUTE + 30_000, undefined).map(({ outcome }) => outcome);
    const observed = knowing({ mappings, written: 'unread' });
    expect(needs(observed)).toEqual([needing({ fact: 'metric', query: write(GONE), window })]);
    const unproven = new Observed([TODAY]);
    unproven.learn('description', TODAY, { value: tableWith(TODAY) });
    unproven.learnMappings('visits', mappings.visits);
    unproven.learnMetric(write(GONE), window, { sums: new Map() });
    const query = write('production.turntable');
    expect(needs(unproven)).toEqual([needing({ fact: 'metric', query, window })]);
  });

  describe('while the current table does not exist', () => {
    const state = 'production.turntable';
    const closing: Closing = { environment: 'production', since: NOON - DAY, tables: new Map() };
    const described = (table?: TableState) => ({ [TODAY]: { value: undefined }, [state]: { value: table } });

    it('is removed in a closed environment, whose state table shows the account', () => {
      const names = [state];
      const unread = knowing({ names, mappings });
      expect(decided(unread, spec, NOON, closing)).toEqual([`read description of ${state}`]);
      const observed = knowing({ names, mappings, tables: described(tableWith(state)) });
      expect(decided(observed, spec, NOON, closing)).toEqual(detached);
      const without = knowing({ names, mappings, tables: described() });
      expect(decided(without, spec, NOON, closing)).toEqual([]);
    });

    it('stays in an open environment', () => {
      const observed = knowing({ names: [state], mappings, tables: described(tableWith(state)) });
      expect(decided(observed)).toEqual([]);
    });
  });

  it('stays while its writes cannot be read, or CloudWatch has no data', () => {
    const observed = knowing({ mappings });
    const window = { from: NOON - 2 * DAY, to: NOON };
    observed.learnMetric(write(GONE), window, { error: 'Not allowed.' });
    expect(decided(observed)).toEqual([
      `[${GONE} metrics-unknown] Could not read when the table was last written, so its event source mapping stays: Not allowed.`,
    ]);
    observed.learnMetric(write(GONE), window, { sums: new Map() });
    observed.learnMetric(write('production.turntable'), window, { sums: new Map() });
    expect(decided(observed)).toEqual([expect.stringContaining(`[${GONE} missing-data] `)]);
  });

  it('is removed for each function that the spec names, and for no other', () => {
    const two = specOf({ consumers: ['visits', 'audit'] });
    const observed = knowing({
      mappings: {
        visits: { value: [mapping('of-visits', streamOf(GONE))] },
        audit: { value: [mapping('of-audit', streamOf(GONE)), mapping('older', streamOf(GONE, '2026'))] },
        other: { value: [mapping('of-other', streamOf(GONE))] },
      },
    });
    expect(decided(observed, two)).toEqual([
      `detach ${GONE} of-visits`,
      `detach ${GONE} of-audit`,
      `detach ${GONE} older`,
    ]);
  });
});

describe('the mapping of a stream that the table no longer has', () => {
  const RESTARTED = '2026-11-20T12:00:00.000';
  const known = (stream: string | undefined) =>
    knowing({
      tables: { [TODAY]: { value: tableWith(TODAY, stream) } },
      mappings: withMappings(
        mapping('old', streamOf(TODAY)),
        mapping('present', streamOf(TODAY, RESTARTED)),
        mapping('other-table', streamOf(TOMORROW)),
      ),
    });
  const held = `[${TODAY} stream-records] The table has had another stream since 2026-11-20 12:00 UTC. The stream can be read until 2026-11-21 12:00 UTC, so the event source mapping of visits stays until then.`;

  it.each([
    ['a millisecond less than', -1, held],
    ['exactly', 0, `detach ${TODAY} old`],
    ['a millisecond more than', 1, `detach ${TODAY} old`],
  ])('is removed %s 24 hours after the new stream began, or stays', (_, ms, expected) => {
    expect(decided(known(streamOf(TODAY, RESTARTED)), spec, NOON + ms)).toEqual([expected]);
  });

  it('stays if nothing shows since when the table has another stream', () => {
    expect(decided(known(undefined))).toEqual([]);
    expect(decided(known(streamOf(TODAY, 'unreadable')))).toEqual([]);
    expect(decided(known('arn:aws:dynamodb:us-east-1:000000000000:table'))).toEqual([]);
  });

  it('stays if the table is listed, but is gone or cannot be described', () => {
    const mappings = withMappings(
      mapping('old', streamOf(TOMORROW)),
      mapping('older', streamOf(TOMORROW, RESTARTED)),
    );
    expect(decided(knowing({ mappings, tables: { [TOMORROW]: { value: undefined } } }))).toEqual([]);
    const hold = `[${TOMORROW} unreadable] Could not read the table's description: Not allowed.`;
    const unreadable = { [TOMORROW]: { error: 'Not allowed.' } };
    expect(decided(knowing({ mappings, tables: unreadable }))).toEqual([hold, hold]);
  });

  it('is looked for only if the function has two mappings of the table', () => {
    const [today, tomorrow] = [mapping('today', streamOf(TODAY)), mapping('tomorrow', streamOf(TOMORROW))];
    const restarted = mapping('restarted', streamOf(TOMORROW, RESTARTED));
    expect(decided(knowing({ mappings: withMappings(today, tomorrow) }))).toEqual([]);
    expect(decided(knowing({ mappings: withMappings(today, tomorrow, restarted) }))).toEqual([
      `read description of ${TOMORROW}`,
      `read description of ${TOMORROW}`,
    ]);
  });
});

describe('purge leaves a mapping', () => {
  const gone = streamOf(GONE);

  it.each([
    ['of another account', mapping('one', gone.replace('000000000000', '111111111111'))],
    ['of another Region', mapping('one', gone.replace('us-east-1', 'eu-west-1'))],
    ['of another environment', mapping('one', gone.replace('production', 'staging'))],
    ['of another group', mapping('one', gone.replace('Events', 'Visits'))],
    ['of a table that is named by the hour', mapping('one', gone.replace('20261101', '2026110100'))],
    ['of a day that does not exist', mapping('one', gone.replace('20261101', '20261131'))],
    ['of a queue', mapping('one', 'arn:aws:sqs:us-east-1:000000000000:visits')],
    ['without a source', mapping('one', '')],
    ['that is Deleting', mapping('one', gone, 'Deleting')],
  ])('%s', (_, other) => {
    expect(decided(knowing({ mappings: withMappings(other) }))).toEqual([]);
    const two = withMappings(other, mapping('ended', gone));
    expect(decided(knowing({ mappings: two }))).toEqual([`detach ${GONE} ended`]);
  });
});

describe('purge', () => {
  const mappings = withMappings(mapping('gone', streamOf(GONE)));

  it('reads nothing for a group without consumers', () => {
    expect(decided(new Observed([TODAY]), specOf())).toEqual([]);
  });

  it('reads the current table, and then the mappings', () => {
    expect(decided(new Observed([TODAY]))).toEqual([`read description of ${TODAY}`]);
    expect(decided(knowing({}))).toEqual(['read mappings of visits']);
  });

  it.each<[string, Known, string[]]>([
    ['does not exist', { names: [TOMORROW] }, []],
    ['is listed, but is gone', { tables: { [TODAY]: { value: undefined } } }, []],
    [
      'cannot be described',
      { tables: { [TODAY]: { error: 'Not allowed.' } } },
      [`[${TODAY} unreadable] Could not read the table's description: Not allowed.`],
    ],
  ])('removes no mappings of a group whose current table %s', (_, known, expected) => {
    expect(decided(knowing({ mappings, ...known }))).toEqual(expected);
  });

  it('removes none of a function that does not exist, or whose mappings it cannot read', () => {
    expect(decided(knowing({ mappings: { visits: { value: undefined } } }))).toEqual([]);
    expect(decided(knowing({ mappings: { visits: { error: 'Not allowed.' } } }))).toEqual([
      `[${TODAY} unreadable] Could not read the event source mappings of visits: Not allowed.`,
    ]);
  });

  it('does not ask for the mappings of a function in another account', () => {
    const abroad = 'arn:aws:lambda:us-east-1:111111111111:function:visits';
    expect(decided(knowing({}), specOf({ consumers: [abroad] }))).toEqual([]);
  });
});

describe('a run that deletes a table', () => {
  const EXPIRED = 'production.Events.20261118';
  const stream = streamOf(EXPIRED);
  const deletion = {
    ...{ kind: 'delete', job: 'purge', group: 'Events', table: EXPIRED },
    ...{ reason: 'still-expired', message: 'Due.' },
    ...{ createdAt: '2026-11-18T00:00:00.000Z', scheduledAt: '2026-11-20T00:00:00.000Z' },
  } satisfies Action;
  const scheduling = { ...deletion, kind: 'schedule-deletion', table: TODAY } as Action;
  const expired = { [EXPIRED]: { value: tableWith(EXPIRED, stream) } };

  function draftOf(...actions: Action[]): Draft {
    const draft = new PlanBuilder('purge', new Observed([]));
    draft.actions.push(...actions);
    return draft;
  }

  test('removes the mappings of its stream after everything else, for each function that the spec names', () => {
    const two = specOf({ consumers: ['visits', 'audit'] });
    const observed = knowing({
      tables: expired,
      mappings: {
        visits: { value: [mapping('today', streamOf(TODAY)), mapping('expired', stream)] },
        audit: { value: [mapping('audit', stream), mapping('leaving', stream, 'Deleting')] },
        other: { value: [mapping('other', stream)] },
      },
    });
    const removal = {
      ...{ kind: 'detach-consumer', job: 'purge', group: 'Events', table: EXPIRED, reason: 'stream-ended' },
      stream,
    };
    const message = (name: string) =>
      `This run deletes the table. Its stream has no more changes, so the event source mapping of ${name} is deleted.`;
    const draft = withMappingsOfDeleted(draftOf(deletion, scheduling), observed, [two]);
    expect(draft.actions).toEqual([
      deletion,
      scheduling,
      { ...removal, function: 'visits', mapping: 'expired', message: message('visits') },
      { ...removal, function: 'audit', mapping: 'audit', message: message('audit') },
    ]);
  });

  it.each<[string, Known, Spec]>([
    ['the group has no consumers', {}, specOf()],
    ['the group is another one', {}, specOf({ name: 'Visits', consumers: ['visits'] })],
    ['the table is not described', { tables: {} }, spec],
    ['the table is gone', { tables: { [EXPIRED]: { value: undefined } } }, spec],
    ['the table cannot be described', { tables: { [EXPIRED]: { error: 'Not allowed.' } } }, spec],
    ['the table has no stream', { tables: { [EXPIRED]: { value: tableWith(EXPIRED) } } }, spec],
    ['the mappings are not read', { mappings: {} }, spec],
    ['the mappings cannot be read', { mappings: { visits: { error: 'Not allowed.' } } }, spec],
    ['the function does not exist', { mappings: { visits: { value: undefined } } }, spec],
    [
      'the mapping is of an earlier stream of the table',
      { mappings: withMappings(mapping('old', streamOf(EXPIRED, '2026-10-01T00:00:00.000'))) },
      spec,
    ],
    [
      'the table has no stream and the mapping no source',
      { tables: { [EXPIRED]: { value: tableWith(EXPIRED) } }, mappings: withMappings(mapping('one', '')) },
      spec,
    ],
    ['the mapping is Deleting', { mappings: withMappings(mapping('one', stream, 'Deleting')) }, spec],
  ])('removes no mapping if %s', (_, known, of) => {
    const observed = knowing({
      tables: expired,
      mappings: withMappings(mapping('expired', stream)),
      ...known,
    });
    expect(withMappingsOfDeleted(draftOf(deletion), observed, [of]).actions).toEqual([deletion]);
  });
});
