/** Time to live and point-in-time recovery. Only the settings are stored: items do not expire, and restores to a time fail. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import type { Json } from './engine.ts';
import { AwsError, inUse, invalidParameter, validation } from './failure.ts';
import type { Operations, Region } from './region.ts';
import { copyTimeToLive } from './replicas.ts';
import type { Table } from './table.ts';
import { seconds, tableNameOf } from './wire.ts';

/** The default and maximum of RecoveryPeriodInDays. */
const RECOVERY_DAYS = 35;
/**
 * How long a change of time to live takes at most, and how long another one is rejected, by the virtual clock:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
const TIME_TO_LIVE = { takesMs: 30 * MINUTE_MS, lockedMs: HOUR_MS };

export function settingsOperations(region: Region): Operations {
  const get = (input: Json): Table => region.tables.get(tableNameOf(input));
  return {
    UpdateTimeToLive: (input) => {
      const table = get(input);
      const answer = updateTimeToLive(table, input, region.now());
      copyTimeToLive(region, table);
      return answer;
    },
    DescribeTimeToLive: (input) => ({ TimeToLiveDescription: describeTimeToLive(get(input), region.now()) }),
    UpdateContinuousBackups: (input) => {
      const table = backedUp(region, input);
      if (region.elapsed() < table.backupsFrom) throw unavailable(table);
      setRecovery(table, input, region.now());
      return { ContinuousBackupsDescription: describeRecovery(table, region.now()) };
    },
    DescribeContinuousBackups: (input) => ({
      ContinuousBackupsDescription: describeRecovery(backedUp(region, input), region.now()),
    }),
  };
}

function updateTimeToLive(table: Table, input: Json, now: number): Json {
  const wanted = input.TimeToLiveSpecification as { Enabled?: boolean; AttributeName?: string } | undefined;
  if (wanted?.Enabled === undefined || !wanted.AttributeName)
    throw validation('TimeToLiveSpecification needs Enabled and AttributeName');
  if (table.change || table.impaired)
    throw inUse(`Attempt to change a resource which is still in use: Table is not active: ${table.name}`);
  const present = table.settings.timeToLiveAttribute;
  if (wanted.Enabled && present !== undefined)
    throw validation(
      present === wanted.AttributeName
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${present}`,
    );
  if (!wanted.Enabled && present === undefined) throw validation('TimeToLive is already disabled');
  if (!wanted.Enabled && present !== wanted.AttributeName)
    throw validation(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${present}`,
    );
  if (now < (table.settings.timeToLiveChangedAt ?? -Infinity) + TIME_TO_LIVE.lockedMs)
    throw validation('Time to live has been modified multiple times within a fixed interval');
  table.settings.timeToLiveAttribute = wanted.Enabled ? wanted.AttributeName : undefined;
  table.settings.timeToLiveChangedAt = now;
  return { TimeToLiveSpecification: { Enabled: wanted.Enabled, AttributeName: wanted.AttributeName } };
}

function describeTimeToLive({ settings }: Table, now: number): Json {
  const { timeToLiveAttribute: AttributeName, timeToLiveChangedAt: changedAt = -Infinity } = settings;
  const changing = now < changedAt + TIME_TO_LIVE.takesMs;
  if (AttributeName === undefined) return { TimeToLiveStatus: changing ? 'DISABLING' : 'DISABLED' };
  return { TimeToLiveStatus: changing ? 'ENABLING' : 'ENABLED', AttributeName };
}

/** These two operations have their own exception for a missing table. */
function backedUp(region: Region, input: Json): Table {
  const name = tableNameOf(input);
  const table = region.tables.find(name);
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}

/**
 * Just after CreateTable, point-in-time recovery cannot be set yet:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
 */
const unavailable = ({ name }: Table): AwsError =>
  new AwsError(
    'ContinuousBackupsUnavailableException',
    `Backups are being enabled for the table: ${name}. Please retry later`,
  );

function setRecovery(table: Table, input: Json, now: number): void {
  const wanted = input.PointInTimeRecoverySpecification as
    | { PointInTimeRecoveryEnabled?: boolean; RecoveryPeriodInDays?: number }
    | undefined;
  if (wanted?.PointInTimeRecoveryEnabled === undefined)
    throw validation('PointInTimeRecoverySpecification needs PointInTimeRecoveryEnabled');
  const days = wanted.RecoveryPeriodInDays ?? RECOVERY_DAYS;
  if (!Number.isInteger(days) || days < 1 || days > RECOVERY_DAYS)
    throw invalidParameter(`RecoveryPeriodInDays must be between 1 and ${RECOVERY_DAYS}, not ${days}`);
  const since = table.settings.recovery?.since ?? now;
  table.settings.recovery = wanted.PointInTimeRecoveryEnabled ? { days, since } : undefined;
}

function describeRecovery({ settings: { recovery } }: Table, now: number): Json {
  if (!recovery)
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recovery.days,
      EarliestRestorableDateTime: seconds(Math.max(recovery.since, now - recovery.days * DAY_MS)),
      LatestRestorableDateTime: seconds(now),
    },
  };
}
