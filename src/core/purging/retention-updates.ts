import type { AppliedRetention, RetentionUpdate } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Notice } from '../notice.ts';
import type { Hold } from '../plan.ts';
import type { Spec } from '../spec.ts';
import { type RetentionVerdict, recordOf } from './retention.ts';

/** Why purge deletes a table neither now nor after a confirmation. */
const foreign: ReadonlySet<Hold['reason']> = new Set([
  'not-owned',
  'scheme-changed',
  'restored',
  'keep-tag',
  'deletion-protected',
]);

/** What to store about retentions, by group, after the tables were decided on. */
export const retentionUpdates = (
  verdicts: ReadonlyMap<Spec, RetentionVerdict>,
  holds: readonly Hold[],
  noticeOf: (spec: Spec, applied: AppliedRetention, due: readonly Table[]) => Notice,
): Map<string, RetentionUpdate> =>
  new Map(
    [...verdicts].flatMap(([spec, { record, first, unannounced, held }]): [string, RetentionUpdate][] => {
      const { name } = spec;
      if (unannounced) {
        const notice = noticeOf(spec, unannounced, [...held]);
        const { since: _, ...shorter } = recordOf(spec, 0);
        return [[name, { applied: unannounced, shorter, notice }]];
      }
      const stays = holds.some(({ group, reason }) => group === name && !foreign.has(reason));
      const stored = record ?? (stays ? undefined : first);
      return stored ? [[name, { record: stored }]] : [];
    }),
  );
