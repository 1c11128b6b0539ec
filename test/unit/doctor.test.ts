/** Each check of `turntable doctor`: what it finds, how severe that is, and what it leaves alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { proxiesIn } from '../../src/cli/proxies.ts';
import { type AllAsked, type Answers, questionNames, questions } from '../../src/core/doctor/answers.ts';
import type { Situation } from '../../src/core/doctor/check.ts';
import { LATE_MS } from '../../src/core/doctor/checks/runs.ts';
import { checks, diagnose } from '../../src/core/doctor/diagnose.ts';
import type { CheckName } from '../../src/core/doctor/finding.ts';
import { OPTIONAL_ALARMS, STACK_ALARMS } from '../../src/core/doctor/stack-alarms.ts';
import { writes } from '../../src/core/doctor/writes.ts';
import type { AppliedRetention, ScalableTarget, StoredLease, TableState } from '../../src/core/facts.ts';
import { membersOf } from '../../src/core/fleet.ts';
import type { Entry } from '../../src/core/history/entry.ts';
import { allJobs } from '../../src/core/jobs.ts';
import type { Hold } from '../../src/core/plan.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { at, configOf, DAY, HOUR, MINUTE, type SpecOptions, specOf, units } from '../support/specs.ts';
import { type Known, observedOf, retentionOf } from '../support/worlds.ts';

const NOW = at('2026-11-21T12:00');
const CURRENT = 'production.Events.20261121';

interface Told {
  readonly spec?: Spec;
  readonly config?: Partial<Config>;
  readonly unprotected?: boolean;
  /** Default: the tables of yesterday, today and tomorrow. */
  readonly dates?: readonly string[];
  readonly known?: Partial<Known>;
  readonly retention?: AppliedRetention;
  readonly holds?: readonly Hold[];
  readonly unmanaged?: readonly string[];
  readonly answers?: Partial<Answers>;
  readonly failed?: Partial<AllAsked>;
  readonly more?: Partial<Situation>;
}

const stateTable = { status: 'ACTIVE', deletionProtected: true } as TableState;

const alarmNamed = (id: string) => ({ name: `turntable-production-${id}-1A2B`, state: 'OK', notifies: true });

const applied = (at: string, kind = 'create'): Entry =>
  ({ at, kind, job: 'rotate', group: 'Events', table: CURRENT, reason: 'missing', message: '' }) as Entry;

const denied = (at: string, action = 'CreateTable'): Entry => ({
  ...{
    at,
    kind: 'failed',
    job: 'rotate',
    group: 'Events',
    table: CURRENT,
    action: 'create',
    reason: 'missing',
  },
  error: `User: rotate is not authorized to perform: dynamodb:${action} on resource: ${CURRENT}`,
});

/** An environment in which all is well, except for what is told. */
function situationOf(told: Told): Situation {
  const spec = told.spec ?? specOf();
  const made = configOf([spec]);
  const config = {
    ...made,
    settings: { ...made.settings, protected: told.unprotected !== true },
    ...told.config,
  };
  const dates = told.dates ?? ['20261120', '20261121', '20261122'];
  const known = dates.map((date) => ({ spec, name: `production.Events.${date}`, ...told.known }));
  const observed = observedOf(known, [], new Map([['Events', told.retention ?? retentionOf(spec)]]));
  const runs = new Map(allJobs.map((job) => [job, { succeededAt: NOW - MINUTE, holds: [] }]));
  const fleet = {
    tables: [...membersOf(config, observed.names, NOW).values()].flat(),
    observed,
    holds: told.holds ?? [],
    unmanaged: told.unmanaged ?? [],
  };
  const answers: Partial<Answers> = {
    tables: [...observed.names],
    limits: { account: units(80_000, 80_000), table: units(40_000, 40_000) },
    stateTable,
    suspensions: [],
    history: [applied('2026-11-20T03:05:00.000Z')],
    runs,
    leases: [],
    hosts: [
      { name: 'dynamodb.eu-west-1.amazonaws.com' },
      { name: '123456789012.ddb.eu-west-1.amazonaws.com' },
    ],
    targets: [],
    alarms: STACK_ALARMS.map(alarmNamed),
    fleet,
    ...told.answers,
  };
  const asked = Object.fromEntries(questionNames.map((name) => [name, { value: answers[name] }]));
  return {
    config,
    now: NOW,
    wall: NOW,
    aheadMs: [0, 0],
    proxies: [],
    alarmPrefix: 'turntable-production-',
    alarmKeys: [],
    floor: 100,
    writes: [],
    asked: { ...(asked as unknown as AllAsked), ...told.failed },
    ...told.more,
  };
}

/** `severe: message`, of one check. */
const found = (check: CheckName, told: Told): string[] =>
  diagnose(situationOf(told))
    .findings.filter((finding) => finding.check === check)
    .map(({ severity, message }) => `${severity}: ${message}`);

const skippedReason = (check: CheckName, told: Told): string | undefined =>
  diagnose(situationOf(told)).skipped.find((one) => one.check === check)?.reason;

it('finds nothing and skips nothing in a sound environment', () => {
  expect(diagnose(situationOf({}))).toEqual({ findings: [], skipped: [] });
});

const lease = (more: Partial<StoredLease>): StoredLease => ({
  ...{ job: 'purge', owner: 'purge-1', expiresAt: NOW + MINUTE, skips: 0 },
  ...more,
});

const target = (more: Partial<ScalableTarget> = {}): ScalableTarget => ({
  ...{ resourceId: `table/${CURRENT}`, table: CURRENT, dimension: 'dynamodb:table:WriteCapacityUnits' },
  ...{ min: 5, max: 500, suspended: false, ...more },
});

const succeeded = (job: string, agoMs: number): Answers['runs'] =>
  new Map(allJobs.map((one) => [one, { succeededAt: NOW - (one === job ? agoMs : 0), holds: [] }]));

const low = (options: SpecOptions = {}): Told => ({
  spec: specOf({ full: units(50, 200), ...options }),
  known: { table: units(50, 200) },
});

const notOwned = (kind: Hold['kind']): Hold => ({
  ...{ job: 'rotate', group: 'Events', table: CURRENT, kind, reason: 'not-owned', message: '' },
});

const SHORTAGE = { cause: 'refused', since: '2026-11-21T11:00:00.000Z' } as const;

const short = (date: string, urgent = false): Hold => ({
  ...notOwned('raise'),
  ...{
    table: `production.Events.${date}`,
    reason: 'bounds',
    message: 'Writes need 200.',
    shortage: SHORTAGE,
  },
  ...(urgent && { urgent }),
});

const days = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `202611${String(from + i).padStart(2, '0')}`);

const indexed = specOf({ indexes: { byUser: { full: units(5, 5), outdated: units(1, 1) } } });

/** What each check finds, by what is told: a part of each finding. */
const cases: readonly (readonly [CheckName, string, Told, readonly string[]])[] = [
  [
    'clock',
    'an error of 10 minutes in all answers',
    { more: { aheadMs: [600_000, 600_000] } },
    ['severe: This machine'],
  ],
  [
    'clock',
    'an error of 10 minutes in one answer',
    { more: { aheadMs: [0, 600_000] } },
    ['warning: This machine'],
  ],
  [
    'clock',
    '2 minutes',
    { more: { aheadMs: [-120_000, -120_000] } },
    ["warning: This machine's clock is 120 seconds behind"],
  ],
  ['clock', 'no 10 seconds', { more: { aheadMs: [10_000] } }, []],
  [
    'endpoints',
    'a host of the account that is blocked',
    {
      answers: {
        hosts: [{ name: 'dynamodb.x.amazonaws.com' }, { name: '1.ddb.x.amazonaws.com', error: 'ENOTFOUND.' }],
      },
    },
    [
      'severe: The host 1.ddb.x.amazonaws.com cannot be reached, although dynamodb.x.amazonaws.com can: ENOTFOUND.',
    ],
  ],
  [
    'endpoints',
    'a proxy',
    { more: { proxies: ['HTTPS_PROXY'] } },
    ['warning: HTTPS_PROXY is set, but the AWS SDK ignores it'],
  ],
  [
    'abac',
    'changes that were denied since the last success',
    { answers: { history: [applied('2026-11-20T03:05:00.000Z'), denied('2026-11-21T03:05:00.000Z')] } },
    ['severe: AWS has denied 1 change since 2026-11-21 03:05 UTC'],
  ],
  [
    'abac',
    'no denied change before a success',
    { answers: { history: [denied('2026-11-20T03:05:00.000Z'), applied('2026-11-21T03:05:00.000Z')] } },
    [],
  ],
  [
    'abac',
    'no denied call that does not depend on tags',
    {
      answers: {
        history: [denied('2026-11-20T03:05:00.000Z', 'CreateBackup'), applied('2026-11-19T03:05:00.000Z')],
      },
    },
    [],
  ],
  [
    'state-table',
    'a missing table',
    { answers: { stateTable: undefined } },
    ['severe: The state table production.turntable does not exist'],
  ],
  [
    'state-table',
    'a missing table in a Region that has only replicas, as a note',
    { answers: { stateTable: undefined }, holds: [{ ...notOwned('use'), reason: 'is-replica' }] },
    ['note: The state table production.turntable does not exist in this Region, which has only replicas.'],
  ],
  [
    'state-table',
    'a missing table in the Region of the tables, although Replicas names it',
    { answers: { stateTable: undefined }, holds: [{ ...notOwned('delete'), reason: 'is-replica' }] },
    ['severe: The state table production.turntable does not exist'],
  ],
  [
    'state-table',
    'an unusable table',
    { answers: { stateTable: { ...stateTable, status: 'ARCHIVED' } } },
    ['severe: The state table production.turntable is ARCHIVED'],
  ],
  [
    'state-table',
    'an unprotected table',
    { answers: { stateTable: { ...stateTable, deletionProtected: false } } },
    ['warning: The state table production.turntable has no deletion'],
  ],
  [
    'state-table',
    'that settings.json does not list an environment without a state table',
    { config: { unlisted: {} }, answers: { stateTable: undefined } },
    ['nothing is purged. settings.json does not list the environment production, so it uses the defaults.'],
  ],
  [
    'state-table',
    'a missing table of an environment whose name is probably mistyped',
    { config: { unlisted: { similarTo: 'productions' } }, answers: { stateTable: undefined } },
    ['settings.json does not list the environment production. Did you mean productions?'],
  ],
  [
    'tables',
    'a current table that does not exist',
    { dates: ['20261120', '20261122'] },
    ['severe: The current table production.Events.20261121 does not exist, so calls of applications fail.'],
  ],
  ['tables', 'no next table that still has time', { dates: ['20261120', '20261121'] }, []],
  [
    'tables',
    'a next table that is late',
    { dates: ['20261120', '20261121'], more: { now: at('2026-11-21T23:30') } },
    ['severe: The next table production.Events.20261122 does not exist, and its period starts soon.'],
  ],
  ['tables', 'a group without a table', { dates: [] }, ['warning: Events has no table yet.']],
  [
    'tables',
    'no groups without a table in an environment without a state table',
    { dates: [], answers: { stateTable: undefined } },
    [],
  ],
  [
    'tables',
    'no groups without a table in an environment whose name might be a typing error',
    { dates: [], config: { unlisted: { similarTo: 'production' } } },
    [],
  ],
  [
    'tables',
    'urgent holds, once for all tables of a group with the same reason',
    { holds: [short('20261121', true), short('20261122', true)] },
    [
      'severe: 2 tables of Events: raise held for production.Events.20261121. Writes need 200. The same for production.Events.20261122. [bounds]',
    ],
  ],
  [
    'tables',
    'a shortage that does not last yet',
    { holds: [short('20261121')] },
    ['warning: 1 table of Events'],
  ],
  [
    'tables',
    'no hold by design, and no shortage that is accepted',
    {
      holds: [
        { ...short('20261121'), shortage: { ...SHORTAGE, accepted: true } },
        { ...notOwned('use'), reason: 'cool-down' },
      ],
    },
    [],
  ],
  [
    'tables',
    'a Region of replicas, as a note',
    { holds: [{ ...notOwned('use'), reason: 'is-replica', message: 'Replicas names eu-west-1.' }] },
    [`note: 1 table of Events: use held for ${CURRENT}. Replicas names eu-west-1. [is-replica]`],
  ],
  [
    'tables',
    'no call that fails for all tables, which permissions has',
    {
      holds: [{ ...notOwned('read'), reason: 'unreadable', message: 'Could not read its tags: ann may not' }],
      failed: { tags: { error: 'ann may not', why: 'denied' } },
    },
    [],
  ],
  [
    'runs',
    'a job that never succeeded in an environment that is not new',
    { answers: { runs: new Map(), history: [applied('2026-11-20T03:05:00.000Z')] } },
    ['rotate', 'purge', 'scale'].map(
      (job) =>
        `warning: No run of ${job} has succeeded, although the history of this environment starts at 2026-11-20`,
    ),
  ],
  [
    'runs',
    'a job that has not succeeded in time',
    { answers: { runs: succeeded('purge', 27 * HOUR) } },
    ['severe: No run of purge has succeeded since 2026-11-20 09:00 UTC'],
  ],
  ['runs', 'no job that is within its time', { answers: { runs: succeeded('purge', 25 * HOUR) } }, []],
  [
    'runs',
    'jobs that never succeeded',
    { answers: { runs: new Map(), history: [] } },
    allJobs.map((job) => `note: No run of ${job} has succeeded in this environment yet`),
  ],
  ['leases', 'no lease of a run in progress', { answers: { leases: [lease({})] } }, []],
  [
    'leases',
    'a lease of a run that was killed',
    { answers: { leases: [lease({ expiresAt: NOW - HOUR })] } },
    [
      'note: The lease of purge (purge-1) ended at 2026-11-21 11:00 UTC and was not released. Its run was killed.',
    ],
  ],
  [
    'leases',
    'a lease that no later run acquired',
    { answers: { leases: [lease({ expiresAt: NOW - 27 * HOUR })] } },
    ['warning: The lease of purge'],
  ],
  [
    'leases',
    'a lease that ends too late',
    { answers: { leases: [lease({ expiresAt: NOW + DAY })] } },
    ['warning: The lease of purge (purge-1) ends at 2026-11-22 12:00 UTC, which is longer'],
  ],
  [
    'leases',
    'a lease that other runs wait for',
    { answers: { leases: [lease({ skips: 3, skippedSince: NOW - HOUR })] } },
    ['warning: 3 runs of purge were skipped since 2026-11-21 11:00 UTC'],
  ],
  [
    'suspensions',
    'one without an end',
    { answers: { suspensions: [{ what: 'purging', since: NOW - HOUR }] } },
    ['warning: Purging is suspended.'],
  ],
  [
    'suspensions',
    'one that ends, and is new',
    { answers: { suspensions: [{ what: 'lowering', since: NOW - HOUR, until: NOW + HOUR }] } },
    ['note: Lowering is suspended until 2026-11-21 13:00 UTC.'],
  ],
  [
    'suspensions',
    'one that is a day old',
    { answers: { suspensions: [{ what: 'lowering', since: NOW - DAY, until: NOW + HOUR }] } },
    ['warning: Lowering is suspended until'],
  ],
  [
    'suspensions',
    'none that has ended',
    { answers: { suspensions: [{ what: 'purging', since: NOW - DAY, until: NOW - HOUR }] } },
    [],
  ],
  [
    'quotas',
    '2,000 tables',
    { answers: { tables: Array(2_000).fill('x') } },
    ['warning: The account has 2,000 tables in this region. The default quota is 2,500'],
  ],
  [
    'quotas',
    '2,400 tables',
    { answers: { tables: Array(2_400).fill('x') } },
    ['severe: The account has 2,400 tables'],
  ],
  [
    'quotas',
    'no 3,000 tables, because the quota is higher then',
    { answers: { tables: Array(3_000).fill('x') } },
    [],
  ],
  [
    'quotas',
    '9,600 tables',
    { answers: { tables: Array(9_600).fill('x') } },
    ['severe: The account has 9,600 tables in this region. The highest quota is 10,000'],
  ],
  [
    'quotas',
    'throughput near the quota of the account',
    { answers: { limits: { account: units(80_000, 700), table: units(40_000, 40_000) } } },
    ['severe: The tables of this environment have'],
  ],
  [
    'quotas',
    'a table near its quota, and a maximum above it',
    {
      spec: specOf({ full: units(300, 100) }),
      known: { table: units(300, 100) },
      answers: { limits: { account: units(80_000, 80_000), table: units(320, 40_000) } },
    },
    [
      'warning: The quota for a table is 320 read units per second, and these are near it: production.Events.20261120 (300), ',
      'warning: Scaling.Read.Max of Events is 3,000, but the quota for a table is 320',
    ],
  ],
  [
    'quotas',
    'decreases that are nearly used up',
    { known: { table: { decreases: 25, lastDecrease: NOW - HOUR } } },
    ['note: DynamoDB has lowered these tables at least 22 of 27 times today'],
  ],
  [
    'auto-scaling',
    'a target on a table',
    { answers: { targets: [target()] } },
    [
      'severe: Application Auto Scaling is registered for the writes of table/production.Events.20261121 (5 to 500 units)',
    ],
  ],
  [
    'auto-scaling',
    'a target of a table that is gone',
    {
      answers: {
        targets: [
          target({ resourceId: 'table/production.Events.20261101', table: 'production.Events.20261101' }),
        ],
      },
    },
    [
      'warning: Application Auto Scaling is registered for the writes of table/production.Events.20261101, and the table does not exist',
    ],
  ],
  [
    'auto-scaling',
    'no target that is suspended',
    { answers: { targets: [target({ suspended: true })] } },
    [],
  ],
  [
    'auto-scaling',
    'no target of another environment',
    { answers: { targets: [target({ table: 'staging.Events.20261121' })] } },
    [],
  ],
  [
    'auto-scaling',
    'a target on a table that only rotate changes',
    {
      spec: specOf({ scaling: { method: 'none' }, full: units(500, 500) }),
      answers: { targets: [target()] },
    },
    ['note: Application Auto Scaling is registered for the writes of table/production.Events.20261121.'],
  ],
  [
    'auto-scaling',
    'no target on an on-demand table',
    { spec: specOf({ onDemand: true }), answers: { targets: [target()] } },
    [],
  ],
  [
    'auto-scaling',
    'no target on an index that the spec does not have',
    { answers: { targets: [target({ resourceId: `table/${CURRENT}/index/other`, index: 'other' })] } },
    [],
  ],
  [
    'schema',
    'no table of a Region that Replicas names, because deleting a replica is no cure',
    {
      spec: specOf({ onDemand: true, replicas: ['us-east-1'] }),
      known: { state: { schema: { AttributeDefinitions: [], KeySchema: [] } } },
    },
    [],
  ],
  [
    'schema',
    'an index of the spec that is missing, apart for tables in use and past ones',
    { spec: indexed, known: { state: { schema: specOf().properties } } },
    [
      'warning: 2 tables of Events differ from the spec: production.Events.20261121, production.Events.20261122. The index byUser of the spec is missing.',
      'note: 1 table of Events differs from the spec: production.Events.20261120.',
    ],
  ],
  [
    'schema',
    'another billing mode of tables in use, until the next ones',
    { spec: specOf({ onDemand: true }), known: { state: { billingMode: 'PROVISIONED' } } },
    [
      'note: production.Events.20261121, production.Events.20261122: The table is provisioned, but the spec says on-demand. Scale does not change their capacity.',
    ],
  ],
  [
    'schema',
    'another key',
    {
      dates: ['20261121'],
      known: {
        state: { schema: { ...specOf().properties, KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }] } },
      },
    },
    ['severe: 1 table of Events differs from the spec'],
  ],
  [
    'unmanaged',
    'tables without a spec',
    { unmanaged: ['production.Old'] },
    [
      'warning: 1 table of production matches no spec: production.Old. Turntable never changes or deletes it.',
    ],
  ],
  [
    'unmanaged',
    'a table in use without tags',
    { holds: [notOwned('use')] },
    ['severe: 1 table of Events has no valid ownership tags: production.Events.20261121. Applications use'],
  ],
  [
    'unmanaged',
    'a past table without tags',
    { holds: [notOwned('delete')] },
    ['warning: 1 table of Events has no valid ownership tags'],
  ],
  [
    'retention',
    'a PurgeRotation that became shorter',
    { spec: specOf({ keep: 2 }), dates: days(15, 22), retention: { scheme: 'daily', keep: 14, since: 0 } },
    [
      'warning: Events has 8 tables, and PurgeRotation 2 makes 5 of them due: production.Events.20261115, production.Events.20261116, production.Events.20261117, production.Events.20261118, production.Events.20261119. Purge last applied 14, and waits',
    ],
  ],
  [
    'retention',
    'tables that are overdue',
    { dates: days(15, 22) },
    [
      'warning: 2 tables of Events are overdue under PurgeRotation 2, the oldest since 2026-11-17 00:00 UTC: production.Events.20261115, production.Events.20261116.',
    ],
  ],
  [
    'retention',
    'tables that the tag turntable:keep retains, apart',
    {
      dates: days(15, 22),
      holds: [{ ...notOwned('delete'), table: 'production.Events.20261115', reason: 'keep-tag' }],
    },
    [
      'warning: 1 table of Events is overdue under PurgeRotation 2, the oldest since 2026-11-18 00:00 UTC: production.Events.20261116.',
      'note: The tag turntable:keep retains 1 table of Events beyond PurgeRotation: production.Events.20261115.',
    ],
  ],
  ['retention', 'no table that purge is about to delete', { dates: days(19, 22) }, []],
  [
    'retention',
    'a retained period without a table',
    { spec: specOf({ keep: 7 }), dates: ['20261117', '20261118', ...days(20, 22)] },
    [
      'warning: PurgeRotation 7 retains 1 period of Events whose table does not exist: production.Events.20261119',
    ],
  ],
  [
    'throughput',
    'a table that scaling cannot raise to the floor',
    low({ bounds: { read: { min: 1, max: 60 }, write: { min: 1, max: 999 } } }),
    [
      'warning: This is production, and production.Events.20261121 has 50 read units per second, which is below 100. Scaling cannot raise the read capacity to 100',
    ],
  ],
  ['throughput', 'a table that follows demand', low(), ['note: This is production']],
  ['throughput', 'nothing in other environments', { ...low(), unprotected: true }, []],
  ['throughput', 'nothing below a floor of 0', { ...low(), more: { floor: 0 } }, []],
  ['throughput', 'no on-demand table', { spec: specOf({ onDemand: true }) }, []],
  [
    'alarms',
    'some that are missing',
    { answers: { alarms: STACK_ALARMS.slice(1).map(alarmNamed) } },
    ['warning: 1 alarm of the stack does not exist: RotateFailed.'],
  ],
  [
    'alarms',
    'some that are missing with keys of deployment.json, which add them',
    {
      answers: { alarms: [...STACK_ALARMS, 'DrillFailing', 'ReportFailed'].map(alarmNamed) },
      more: { alarmKeys: ['ConfigBucket', 'ReportBucket', 'RestoreDrills', 'Shards'] },
    },
    [
      'warning: 5 alarms of the stack do not exist: ConfigInvalid, DrillRunsFailed, ShardsFailed, ShardsNearTimeout, TicksDead.',
    ],
  ],
  [
    'alarms',
    'that all are missing',
    { answers: { alarms: [] } },
    ['warning: No alarm has a name that begins with turntable-production-'],
  ],
  [
    'alarms',
    'that all are missing outside of production, which is usual',
    { unprotected: true, answers: { alarms: [] } },
    ['note: No alarm has a name that begins with turntable-production-'],
  ],
  [
    'alarms',
    'a silent one',
    { answers: { alarms: STACK_ALARMS.map((id) => ({ ...alarmNamed(id), notifies: id !== 'ScaleLate' })) } },
    ['warning: 1 alarm notifies no topic, or its actions are turned off: ScaleLate.'],
  ],
  [
    'alarms',
    'a red one',
    {
      answers: {
        alarms: STACK_ALARMS.map((id) => ({ ...alarmNamed(id), state: id === 'ScaleLate' ? 'ALARM' : 'OK' })),
      },
    },
    ['warning: The alarm ScaleLate is in the state ALARM.'],
  ],
  [
    'permissions',
    'a denied call that the jobs need',
    { failed: { limits: { error: 'User: ann is not authorized.', why: 'denied' } } },
    ['severe: dynamodb:DescribeLimits is denied: User: ann is not authorized.'],
  ],
  [
    'permissions',
    'a denied call that only doctor needs',
    { failed: { alarms: { error: 'no', why: 'denied' } } },
    ['warning: cloudwatch:DescribeAlarms is denied: no.'],
  ],
  [
    'permissions',
    'a record of a newer version',
    { failed: { runs: { error: 'This version knows format 1. Upgrade Turntable.', why: 'rejected' } } },
    ['severe: dynamodb:Query on the state table, key run failed: This version knows format 1.'],
  ],
  [
    'permissions',
    'one cause once',
    {
      failed: {
        tables: { error: 'Could not reach AWS', why: 'failed' },
        limits: { error: 'Could not reach AWS', why: 'failed' },
      },
    },
    ['severe: dynamodb:ListTables, dynamodb:DescribeLimits failed: Could not reach AWS.'],
  ],
  [
    'permissions',
    'one cause once, although each message ends with its call',
    {
      failed: {
        tables: { error: 'Could not reach AWS: ENOTFOUND (ListTables)', why: 'failed' },
        limits: { error: 'Could not reach AWS: ENOTFOUND (DescribeLimits)', why: 'failed' },
      },
    },
    ['severe: dynamodb:ListTables, dynamodb:DescribeLimits failed: Could not reach AWS: ENOTFOUND.'],
  ],
  [
    'permissions',
    'the keys of a missing state table together',
    {
      failed: {
        runs: { error: 'no', why: 'not-found' },
        leases: { error: 'no', why: 'not-found' },
      },
    },
    ['note: dynamodb:Query on the state table, keys run, lease could not be checked'],
  ],
  [
    'permissions',
    'credentials that AWS does not accept',
    { failed: { tables: { error: 'The token is expired', why: 'credentials' } } },
    ['severe: AWS does not accept the credentials: The token is expired.'],
  ],
  [
    'permissions',
    'a denied change that was asked for',
    {
      more: {
        writes: [
          {
            ...writes.find(({ action }) => action === 'dynamodb:TagResource')!,
            asked: { error: 'no', why: 'denied' },
          },
        ],
      },
    },
    ['severe: dynamodb:TagResource is denied: no.'],
  ],
  [
    'function-size',
    'a function with too little memory for the fleet',
    { more: { functionSize: { memoryMb: 128, shards: 1 } } },
    ['warning: Scale takes more memory than MemorySize 128.'],
  ],
  [
    'function-size',
    'nothing if it is large enough',
    { more: { functionSize: { memoryMb: 256, shards: 1 } } },
    [],
  ],
];

describe.each([...new Set(cases.map(([check]) => check))])('%s', (check) => {
  it.each(cases.filter(([of]) => of === check).map(([, what, told, expected]) => ({ what, told, expected })))(
    'finds $what',
    ({ told, expected }) => {
      const findings = found(check, told);
      expect(findings).toEqual(expected.map((part) => expect.stringContaining(part)));
    },
  );
});

it('has a case for every check, and a cure in every finding', () => {
  expect([...new Set(cases.map(([check]) => check))].sort()).toEqual(Object.keys(checks).sort());
  for (const [, what, told] of cases)
    for (const { cure } of diagnose(situationOf(told)).findings) expect(cure, what).toMatch(/^[A-Z].*\.$/);
});

it.each(questionNames.filter((name) => Object.values(checks).some(({ needs }) => needs.includes(name))))(
  'skips only what depends on %s if that has no answer, and says so',
  (name) => {
    const { findings, skipped } = diagnose(
      situationOf({ failed: { [name]: { error: 'no', why: 'failed' } } }),
    );
    const needing = Object.entries(checks).filter(([, { needs }]) => needs.includes(name));
    expect(skipped.map(({ check }) => check)).toEqual(needing.map(([check]) => check));
    expect(findings.map(({ check }) => check)).toEqual(['permissions']);
    expect(findings[0]!.message).toContain(questions[name].action ?? name);
  },
);

it('does not say to create a state table in a Region that has only replicas', () => {
  const { findings } = diagnose(
    situationOf({
      answers: { stateTable: undefined },
      failed: { runs: { error: 'no', why: 'not-found' } },
      holds: [{ ...notOwned('use'), reason: 'is-replica' }],
    }),
  );
  expect(findings.map(({ check, cure }) => `${check}: ${cure}`)).toEqual(
    expect.arrayContaining([
      'permissions: The finding on the state table says whether it should exist. If it should, create it, and run doctor again.',
      'state-table: Nothing. Jobs run in the Region of the tables, with the state table there.',
    ]),
  );
});

it('says what cannot be known', () => {
  expect(skippedReason('clock', { more: { aheadMs: [] } })).toContain('AWS did not answer');
  expect(skippedReason('abac', { answers: { history: [] } })).toContain('AWS has no call');
  expect(skippedReason('endpoints', { answers: { hosts: [{ name: '127.0.0.1' }] } })).toContain('127.0.0.1');
});

it('makes no check that depends on the time with a wrong clock', () => {
  const late = { answers: { runs: succeeded('scale', DAY) }, dates: ['20261120'] };
  const wrong = diagnose(situationOf({ ...late, more: { aheadMs: [600_000, 600_000] } }));
  expect(wrong.findings.map(({ check }) => check)).toEqual(['clock']);
  expect(wrong.skipped.map(({ check }) => check)).toEqual([
    ...['tables', 'runs', 'leases', 'suspensions', 'quotas', 'schema', 'retention', 'throughput'],
  ]);
  const uncertain = diagnose(situationOf({ ...late, more: { aheadMs: [0, 600_000] } }));
  expect(new Set(uncertain.findings.map(({ check }) => check))).toEqual(new Set(['clock', 'tables', 'runs']));
});

it('shows findings about the given groups, and those about the environment', () => {
  const situation = situationOf({ ...low(), unmanaged: ['production.Old'] });
  const checksFor = (groups: string[]) => diagnose(situation, groups).findings.map(({ check }) => check);
  expect(checksFor(['Events'])).toEqual(['unmanaged', 'throughput']);
  expect(checksFor(['Others'])).toEqual(['unmanaged']);
});

it.each([
  [{ HTTPS_PROXY: 'http://u:p@proxy' }, ['HTTPS_PROXY']],
  [{ https_proxy: 'http://proxy', ALL_PROXY: 'socks://proxy' }, ['https_proxy', 'ALL_PROXY']],
  [{ HTTPS_PROXY: '' }, []],
  [{ HTTP_PROXY: 'http://proxy' }, []],
  [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'localhost,.amazonaws.com' }, []],
  [{ HTTPS_PROXY: 'http://proxy', no_proxy: '*' }, []],
  [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'example.com' }, ['HTTPS_PROXY']],
])('finds the proxies in %o: %o', (env, expected) => {
  expect(proxiesIn(env as NodeJS.ProcessEnv)).toEqual(expected);
});

describe('the alarms of the stack', () => {
  const stackFile = (file: string) => readFileSync(join(import.meta.dirname, '../../stack', file), 'utf8');
  const { Resources } = parse(stackFile('alarms.yml'), { logLevel: 'silent' }) as {
    Resources: Record<
      string,
      { Properties: { Threshold?: number; Period?: number; EvaluationPeriods?: number } }
    >;
  };

  it('are those that doctor expects', () => {
    expect([...STACK_ALARMS].sort()).toEqual(Object.keys(Resources).sort());
  });

  it.each([
    ['ConfigBucket', 'config-bucket.yml'],
    ['ReportBucket', 'report.yml'],
    ['RestoreDrills', 'drill.yml'],
    ['Shards', 'shards.yml'],
  ] as const)('with %s are those that doctor expects', (key, file) => {
    const alarms = [...stackFile(file).matchAll(/^ +(\w+):.*\n +Type: AWS::CloudWatch::Alarm$/gm)].map(
      ([, id]) => id,
    );
    expect(alarms.sort()).toEqual([...OPTIONAL_ALARMS[key]].sort());
  });

  it('are late when doctor says so', () => {
    const seconds = (id: string) => Resources[id]!.Properties.Threshold! * 1000;
    expect([LATE_MS.rotate, LATE_MS.purge]).toEqual([seconds('RotateLate'), seconds('PurgeLate')]);
    const { Period = 0, EvaluationPeriods = 0 } = Resources.ScaleLate!.Properties;
    expect(LATE_MS.scale).toBe(Period * EvaluationPeriods * 1000);
  });
});
