import type { RunEntry } from '../history/of-run.ts';
import type { NoticeKind } from '../notice.ts';

/** How notices name one event of a kind, and several. */
interface Words {
  readonly one: string;
  readonly many: string;
}

const same = (words: string): Words => ({ one: words, many: words });

/** The most important kinds come first. A new kind of the history does not compile until it is here. */
export const noticeKinds: Readonly<Record<NoticeKind & RunEntry['kind'], Words>> = {
  failed: { one: 'failure', many: 'failures' },
  'drill-failed': { one: 'restore drill failed', many: 'restore drills failed' },
  'drill-skipped': { one: 'restore drill skipped', many: 'restore drills skipped' },
  'hold-begun': { one: 'hold began', many: 'holds began' },
  delete: { one: 'table deleted', many: 'tables deleted' },
  'schedule-deletion': { one: 'deletion scheduled', many: 'deletions scheduled' },
  'cancel-deletion': { one: 'deletion canceled', many: 'deletions canceled' },
  'remove-replica': { one: 'replica removed', many: 'replicas removed' },
  'back-up': { one: 'final backup started', many: 'final backups started' },
  archive: { one: 'export to S3 started', many: 'exports to S3 started' },
  'hold-ended': { one: 'hold ended', many: 'holds ended' },
  create: { one: 'table created', many: 'tables created' },
  raise: same('raised'),
  lower: same('lowered'),
  billing: { one: 'billing mode changed', many: 'billing modes changed' },
  'table-class': { one: 'table class changed', many: 'table classes changed' },
  'time-to-live': same('time to live changed'),
  recovery: same('point-in-time recovery turned on'),
  protection: same('deletion protection turned on'),
  'attach-consumer': { one: 'consumer attached', many: 'consumers attached' },
  'detach-consumer': { one: 'consumer detached', many: 'consumers detached' },
  'add-replica': { one: 'replica added', many: 'replicas added' },
  'tag-replica': { one: 'replica tagged', many: 'replicas tagged' },
  'drill-passed': { one: 'restore drill passed', many: 'restore drills passed' },
  'enable-destination': { one: 'data stream enabled', many: 'data streams enabled' },
} satisfies Record<RunEntry['kind'], Words>;

export const allNoticeKinds = Object.keys(noticeKinds) as readonly NoticeKind[];
