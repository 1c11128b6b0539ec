import type { ActionReason, HoldReason } from '../generated/plan.ts';

/**
 * What a reason code means for operators. The texts are Markdown for docs/reasons.md, which is generated from them.
 * No job imports this file, so that its text is not part of every Lambda function.
 */
interface Reason {
  readonly meaning: string;
  readonly todo: string;
}

const nothing = 'Nothing.';

/** Why an action is planned. */
export const actionReasons: Readonly<Record<ActionReason, Reason>> = {
  missing: { meaning: 'The spec needs the table now or soon, and it does not exist.', todo: nothing },
  backfill: {
    meaning: '`Backfill` asks for a table of a past period, and it does not exist.',
    todo: nothing,
  },
  'consumer-missing': {
    meaning: "A function in `Consumers` has no event source mapping of the table's stream.",
    todo: nothing,
  },
  'replica-missing': {
    meaning: 'The table has no replica in a Region that `Replicas` names.',
    todo: nothing,
  },
  'warm-up': {
    meaning:
      "The table's period starts soon, so it gets the capacity or the billing mode that it then needs.",
    todo: nothing,
  },
  'late-warm-up': {
    meaning: "The table's period has started and it has never had its full capacity.",
    todo: 'If this happens often, check that rotate runs on schedule and raise `WarmUpHours`.',
  },
  'period-ended': {
    meaning:
      'The period has ended. The table gets its outdated capacity, and with `predictive` half of its capacity before, if that is large.',
    todo: nothing,
  },
  'settings-differ': {
    meaning:
      "The table's time to live, point-in-time recovery, deletion protection or Kinesis data stream, or the tags, recovery or protection of a replica, differ from its spec.",
    todo: nothing,
  },
  outdated: {
    meaning:
      'The table is outdated and its spec has another billing mode or table class for outdated tables.',
    todo: nothing,
  },
  'utilization-high': { meaning: 'Demand needs more capacity.', todo: nothing },
  'utilization-low': { meaning: 'Demand needs less capacity.', todo: nothing },
  throttled: {
    meaning: 'DynamoDB throttled requests because the table or index had too little capacity.',
    todo: 'If this happens often, lower `TargetUtilization` or `BurstReliance`, or raise `Min`.',
  },
  'cheaper-on-demand': { meaning: 'At current demand, on-demand billing is cheaper.', todo: nothing },
  'cheaper-provisioned': { meaning: 'At current demand, provisioned billing is cheaper.', todo: nothing },
  'out-of-bounds': { meaning: 'The capacity is below `Min` or above `Max`.', todo: nothing },
  expired: {
    meaning: 'Retention has ended, so the deletion is scheduled. A later run deletes the table.',
    todo: 'To keep the table, add the tag `turntable:keep`.',
  },
  'final-backup': {
    meaning: 'The waiting period has ended, so purge backs the table up before it deletes it.',
    todo: nothing,
  },
  archive: {
    meaning:
      'The waiting period has ended, so purge exports the table to S3 before it deletes it, because of `Purge.Archive`.',
    todo: nothing,
  },
  'still-expired': {
    meaning: 'The waiting period has ended and the table is still due, so purge deletes it.',
    todo: 'To keep the table, add the tag `turntable:keep` before the next run.',
  },
  closed: {
    meaning:
      'A person closed the environment with `turntable teardown`, and the table was in the plan. Purge deletes it after the waiting period.',
    todo: 'To keep the table, add the tag `turntable:keep`. To open the environment again, run `turntable teardown --undo`.',
  },
  retained: {
    meaning:
      'A scheduled deletion is canceled: the spec now retains the table, no spec matches it, or it no longer exists.',
    todo: nothing,
  },
  held: {
    meaning:
      'A scheduled deletion is canceled because the deletion is held. The waiting period starts again later.',
    todo: 'See the reason of the hold.',
  },
  'future-time': {
    meaning:
      'A scheduled deletion is canceled because its time is in the future. If the table is due, a new waiting period starts.',
    todo: 'Check the clocks of the machines that run Turntable.',
  },
  'stream-ended': {
    meaning:
      'The table of an event source mapping is gone, this run deletes it, or it has another stream. The stream no longer has changes.',
    todo: nothing,
  },
};

/** Why something is held. */
export const holdReasons: Readonly<Record<HoldReason, Reason>> = {
  draining: {
    meaning:
      'The period has ended, and the table keeps its capacity for late writers until the drain window ends.',
    todo: nothing,
  },
  bounds: {
    meaning:
      'Demand needs more capacity than `Max` allows. If requests are throttled for `FailAfter.ThrottledMinutes`, the run fails.',
    todo: 'Raise `Max` if the demand is expected. If the limit is intended, set `AcceptThrottling` beside it.',
  },
  'decrease-quota': {
    meaning: "DynamoDB's quota of decreases is used up: 4 in a UTC day, then one per hour.",
    todo: 'Nothing. The message says when the next decrease is possible.',
  },
  'cool-down': {
    meaning: 'Capacity was raised less than 15 minutes ago.',
    todo: nothing,
  },
  'billing-quota': {
    meaning:
      'DynamoDB allows 4 switches to on-demand in 24 hours, so the table stays as it is for 6 hours after one.',
    todo: 'Nothing. The message says when the next switch is possible.',
  },
  maintenance: {
    meaning: 'A `Maintenance` window is open. Nothing is lowered, switched or deleted.',
    todo: 'Keep the schedule of purge out of the windows, or it never deletes.',
  },
  unhealthy: {
    meaning: 'The health URL did not answer 2xx within 3 seconds, so nothing is lowered.',
    todo: 'Check the application, and that the URL is reachable from the Lambda function. Its host needs a public address, unless `Scaling.AllowPrivateHealthUrl` is true.',
  },
  'account-limit': {
    meaning: "The account's capacity quota for this region does not allow the raise.",
    todo: 'Ask AWS for the quota that the message names. If requests are throttled for `FailAfter.ThrottledMinutes`, the run fails.',
  },
  'no-effect': {
    meaning:
      'Scale sends a raise in every run, and the capacity stays the same. The message has the tries and what AWS answers. The run fails if requests are throttled for `FailAfter.ThrottledMinutes`, or if it lasts for `FailAfter.UnusableMinutes`.',
    todo: 'Check the table in the AWS console, and raise it by hand. If that fails too, ask AWS Support.',
  },
  'table-busy': {
    meaning:
      'The table or an index is being created, updated or deleted, or was changed after the instant of the run.',
    todo: 'Nothing. If a current or upcoming table stays busy for `FailAfter.UnusableMinutes`, the run fails. Then ask AWS Support.',
  },
  'table-unusable': {
    meaning:
      'A current or upcoming table cannot serve requests, or will lose the ability to, or does not exist. The message names its status and the cause. Rotate fails at once, and scale after `FailAfter.UnusableMinutes`. Or applications cannot read a retained table whose period has ended, which fails no run. Or DynamoDB does not delete an expired table in its present status.',
    todo: 'Do what the message says.',
  },
  'index-building': {
    meaning:
      'The table gets a new index, or loses one, by another tool or by hand. Turntable changes the table and its other indexes. Of a new global index it only raises the writes. It changes no vector index.',
    todo: 'Nothing. Applications can query a new index when it is ACTIVE.',
  },
  throttled: {
    meaning:
      'DynamoDB throttles requests, and Turntable does not raise the capacity, for example because `Scaling.Method` is `none` or the table is on-demand, or raises do not end it. If that lasts for `FailAfter.ThrottledMinutes`, the run fails. Meanwhile, nothing lowers the capacity. A lower `Max` does only with `AcceptThrottling`.',
    todo: 'Raise the limit that the message names. If raises do not help, spread the load over more partition key values, and over the seconds of a minute. If the throttling is intended, set `AcceptThrottling`.',
  },
  'metrics-unknown': {
    meaning:
      'CloudWatch did not return the metrics. Capacity stays, and a table that might be in use is not deleted.',
    todo: 'Check the permission `cloudwatch:GetMetricData` and the message.',
  },
  'missing-data': {
    meaning:
      'The metrics show no demand, and CloudWatch might be late or silent. Capacity and tables stay until that is known.',
    todo: 'Nothing for an idle table. If it lasts for hours, check CloudWatch and the application.',
  },
  'hot-partition': {
    meaning:
      'DynamoDB throttled requests for one partition. More capacity of the table or index does not help. If that lasts for `FailAfter.ThrottledMinutes`, the run fails.',
    todo: 'Spread the load over more partition key values. To accept it, set `AcceptThrottling`.',
  },
  unreadable: {
    meaning:
      'A fact about the table, or the suspensions, could not be read. Everything that depends on it is held.',
    todo: 'Check permissions and the message. The next run tries again.',
  },
  'settings-differ': {
    meaning:
      "The table's settings, key, indexes or stream differ from its spec, and Turntable does not change them: the change would lose data, or needs an operator.",
    todo: 'Nothing, if tables of later periods are to be as the spec says. Otherwise change the table by hand, as the message says, or change the spec.',
  },
  'time-to-live-changing': {
    meaning: 'DynamoDB still enables or disables Time to Live. It accepts one change per hour.',
    todo: 'Nothing. The message says from when the next change is possible, and who makes it.',
  },
  'consumer-missing': {
    meaning:
      'A function in `Consumers`, or the stream in `KinesisStreamDestination`, does not get the changes of the table, and rotate cannot attach it. It can be in another account or Region, missing, or in a state that does not end. From a day before the period of the table, rotate fails.',
    todo: 'Do what the message says. A stream keeps changes for 24 hours, and a Kinesis data stream gets only later ones.',
  },
  'consumer-disabled': {
    meaning:
      'The event source mapping of a consumer, or the Kinesis data stream of the table, is disabled. Rotate leaves it so. If the period of the table is near, rotate fails: at once if Lambda disabled the mapping, and otherwise after `FailAfter.UnusableMinutes`.',
    todo: 'Enable it by hand, or remove it from the spec. A stream keeps changes for 24 hours.',
  },
  'consumer-failing': {
    meaning:
      'The last result of the event source mapping of a consumer is a problem, so the function does not get the changes of the table. If runs see this for `FailAfter.UnusableMinutes` and the period of the table is near, rotate fails.',
    todo: 'See the logs of the function, and its metrics `Errors` and `IteratorAge`. A stream keeps changes for 24 hours.',
  },
  'replica-missing': {
    meaning:
      'The table lacks a replica that `Replicas` names, and rotate cannot add it: it is the Region of the tables, the table is provisioned or has no stream with `NEW_AND_OLD_IMAGES`, or the replica stays `CREATING`. From a day before the period of the table, rotate fails.',
    todo: 'Do what the message says.',
  },
  'replica-unmanaged': {
    meaning:
      'The table has a replica that `Replicas` does not name, or whose tags do not show that Turntable manages it. Turntable leaves it alone, and purge does not delete the table while it exists.',
    todo: 'Add it to `Replicas`, give it the tags of the table, or delete it by hand: `aws dynamodb update-table --table-name TABLE --replica-updates "[{\\"Delete\\":{\\"RegionName\\":\\"REGION\\"}}]"`.',
  },
  'is-replica': {
    meaning:
      '`Replicas` names the Region of the table, so the table is a replica of one in another Region, or might be. Rotate and purge there manage it. Turntable deletes nothing in this Region. If the table has a replica that `Replicas` does not name, Turntable changes nothing in the group, and creates no table of it.',
    todo: 'Nothing, if you look at a replica. If rotate and purge run in this Region by mistake, stop them. If the tables of the group belong in this Region, remove it from `Replicas`.',
  },
  'environment-unlisted': {
    meaning:
      '`settings.json` lists a similar environment, but not this one. Rotate creates nothing in it, unless it has tables already. The run fails.',
    todo: 'If the name is correct, add it to `Environments` in `settings.json`. If not, deploy with the correct stage.',
  },
  'not-owned': {
    meaning:
      'The name and the tags of the table do not both match the spec. If it is in the place of a current or upcoming table, rotate fails and says what differs.',
    todo: 'If the table should be managed, run `turntable adopt`. If not, delete it or rename the spec.',
  },
  'scheme-changed': {
    meaning:
      'The table was created for another `RotationScheme`. If a whole group is held for this reason, its scheme changed and `Previously` does not say when. Its tables are only raised. Rotate fails at once, and scale after `FailAfter.UnusableMinutes`.',
    todo: 'Restore the scheme in the spec, or add the line that the message names.',
  },
  'current-missing': {
    meaning:
      "The group's current table does not exist, is not ACTIVE, or has other tags. No table of the group is deleted.",
    todo: 'Run rotate, and check why it did not create the table.',
  },
  'only-table': {
    meaning: 'No other table of the group exists, so it is not deleted.',
    todo: 'Run rotate. If the group is no longer needed, delete the table by hand.',
  },
  'deletion-protected': {
    meaning: 'Deletion protection is on although the spec says `DeletionProtectionEnabled: false`.',
    todo: 'Turn the protection off if the table may be deleted.',
  },
  'keep-tag': {
    meaning: 'The table has the tag `turntable:keep`, so it is not deleted.',
    todo: 'Remove the tag if the table may be deleted.',
  },
  restored: {
    meaning: 'The table seems to be a restored copy: its creation time contradicts its tags or its period.',
    todo: 'Run `turntable adopt` if Turntable should manage it, or delete it by hand.',
  },
  'in-use': {
    meaning:
      'The table was read or written within `Purge.TrafficHours`, or written after its final backup or its export.',
    todo: 'Find out who uses it. To keep it, raise `PurgeRotation` or add the tag `turntable:keep`.',
  },
  share: {
    meaning:
      'A shorter `PurgeRotation` would take effect without a confirmation, but makes more tables of the fleet or the group due than `Purge.MaxShare` allows. These tables stay. The run fails.',
    todo: 'If `PurgeRotation` is correct, run `turntable confirm GROUP`. If not, restore it.',
  },
  'retention-shortened': {
    meaning:
      '`PurgeRotation` became shorter, and no operator has confirmed it yet. The tables that only the shorter one makes due stay. If no notice was sent, the run fails.',
    todo: 'If `PurgeRotation` is correct, run `turntable confirm GROUP`. If not, restore it.',
  },
  'retention-unknown': {
    meaning:
      'Purge has no record of the retention of this group, and tables are older than `PurgeRotation` retains: after an upgrade, before the adoption of old tables, or without the old state table. The run fails.',
    todo: 'If `PurgeRotation` is correct, run `turntable confirm GROUP`.',
  },
  'purge-disabled': {
    meaning: '`Purge.Enabled` is false.',
    todo: 'Set it to true when tables may be deleted again.',
  },
  suspended: {
    meaning: 'An operator has suspended purging or lowering.',
    todo: 'Run `turntable resume purging` or `turntable resume lowering` when it may continue.',
  },
  'clock-wrong': {
    meaning: "The machine's clock, or the time of the event, differs from AWS's clock. The run fails.",
    todo: "Correct the machine's clock, or send the event with its own time.",
  },
  'no-lease': {
    meaning: 'The run could not get its lease, so it only creates missing tables and raises capacity.',
    todo: 'Check the state table and the permissions for it.',
  },
  'newer-state': {
    meaning:
      'A newer version of Turntable wrote a record of the state table, so this version only creates missing tables and raises capacity.',
    todo: 'Deploy the newer version again. To stay with the older version, see [Upgrading](upgrading.md#to-go-back).',
  },
  'waiting-period': {
    meaning: 'The deletion is scheduled and `Purge.WaitingPeriodHours` has not ended.',
    todo: 'To keep the table, add the tag `turntable:keep`.',
  },
  'stream-records': {
    meaning:
      'The stream can still have changes that `Consumers` have not read. Purge retains the table for 24 hours after its last write, and event source mappings for 24 hours after the last write or the end of the stream.',
    todo: 'Nothing. If the message names recent writes, find out who still writes to the table.',
  },
  'backup-pending': {
    meaning: 'The final backup is not AVAILABLE yet. After a day, the run fails.',
    todo: 'If it lasts for more than a day, check the backup in DynamoDB.',
  },
  'replica-source': {
    meaning:
      'DynamoDB deletes a table 24 hours after it was the source of a new replica at the earliest. Until then, purge removes no replica of the table either. The message says when that ends.',
    todo: nothing,
  },
  'replica-pending': {
    meaning: 'Purge deletes the table after its replicas are gone. DynamoDB removes one replica at a time.',
    todo: 'If it lasts for days, see what the holds and failures of `remove-replica` say.',
  },
  'archive-pending': {
    meaning: 'The export to S3 is IN_PROGRESS. After a day, the run fails.',
    todo: 'Nothing. AWS does not say how long an export takes. If it lasts for more than a day, check the export in DynamoDB.',
  },
  'archive-failed': {
    meaning:
      'Three exports of the table FAILED, or its export is COMPLETED and its manifest in S3 is missing or lacks items of the table. The table stays, and purge starts no other export in this waiting period. The run fails.',
    todo: 'Do what the message says. See [the runbook](runbooks.md#an-export-fails).',
  },
  cap: {
    meaning: '`Purge.MaxPerRun` or `Purge.MaxPerGroup` is reached. Purge deletes the oldest tables first.',
    todo: 'Nothing, unless the message says that the setting is too low for the fleet. Later runs continue.',
  },
  closed: {
    meaning: 'A person closed the environment with `turntable teardown`, so rotate creates no tables in it.',
    todo: 'Nothing. To open the environment again, run `turntable teardown --undo`.',
  },
  'not-in-teardown': {
    meaning:
      'The environment is closed, but the table was not in the plan that a person confirmed: it was created, adopted or restored later.',
    todo: 'To delete it too, run `turntable teardown` again, which shows it. To keep it, add the tag `turntable:keep`.',
  },
};

/** Why a restore drill ended as it did. */
export type DrillReason =
  | 'restorable'
  | 'restore-failed'
  | 'unfinished'
  | 'key-differs'
  | 'items-missing'
  | 'items-differ'
  | 'no-backup'
  | 'too-large'
  | 'over-budget';

const drillAgain = 'Correct it, and run `turntable drill GROUP`.';

/** Why a restore drill passed, failed or was skipped. */
export const drillReasons: Readonly<Record<DrillReason, Reason>> = {
  restorable: { meaning: 'The backup or export was restored, and the table is what it says.', todo: nothing },
  'restore-failed': {
    meaning:
      'DynamoDB rejected the restore or could not load the export, or the restored table is unusable or gone. A missing permission on a KMS key is a usual cause.',
    todo: drillAgain,
  },
  unfinished: {
    meaning: 'The drill was not over after 48 hours.',
    todo: 'Look at the scratch table. If its restore is still in progress, ask AWS. Then run `turntable drill GROUP`.',
  },
  'key-differs': {
    meaning:
      'The restored table has another key than its backup, or the backup has another key than the spec, so applications cannot use it.',
    todo: 'If the backup is of an earlier table with another key, create a backup of a newer one.',
  },
  'items-missing': {
    meaning:
      'The restored table has less than 90% of the items of its backup, fewer than its export, or none.',
    todo: 'Restore the backup with another name and look at it. Create a new backup, and run `turntable drill GROUP`.',
  },
  'items-differ': {
    meaning:
      'Sampled items differ from the table that was backed up, although nothing was written to it since the backup.',
    todo: 'Restore the backup with another name and compare. Create a new backup, and run `turntable drill GROUP`.',
  },
  'no-backup': {
    meaning:
      'The drill was skipped, because the group has no backup that is AVAILABLE, and no complete export.',
    todo: 'Set `Purge.FinalBackup` or `Purge.Archive`, or create backups. If the group needs none, set `RestoreDrill.Enabled` to `false` for it.',
  },
  'too-large': {
    meaning: 'The drill was skipped, because the backup or export is larger than `RestoreDrill.MaxGB`.',
    todo: 'Raise `MaxGB` and run `turntable drill GROUP`, or leave it.',
  },
  'over-budget': {
    meaning:
      'The drill was skipped, because the drills of this month would cost more than `RestoreDrill.MaxUSD`.',
    todo: 'Raise `MaxUSD` and run `turntable drill GROUP`, or wait for the next month, when this group comes first.',
  },
};
