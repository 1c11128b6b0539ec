import type { Rule } from './rule.ts';

const MISSING =
  'is missing "PurgeRotation", which must be the number of periods to retain, or -1 to retain all tables.';

export const retentionRules: readonly Rule[] = [
  {
    reads: [['RotationScheme'], ['PurgeRotation']],
    check({ RotationScheme: scheme, PurgeRotation: keep }) {
      if (keep === undefined && scheme !== 'none') return [{ at: [], message: MISSING }];
      if (keep !== undefined && scheme === 'none' && Number(keep) !== -1) {
        return [
          {
            at: ['PurgeRotation'],
            message: `is ${keep}, but must be -1 or omitted. With RotationScheme "none", the table is never deleted.`,
          },
        ];
      }
      return [];
    },
  },
  {
    reads: [['RotationScheme'], ['Properties', 'Outdated']],
    check({ RotationScheme: scheme, Properties: { Outdated: outdated } }) {
      if (scheme !== 'none' || outdated === undefined) return [];
      const message = 'is not allowed with RotationScheme "none", because the table is never outdated.';
      return [{ at: ['Properties', 'Outdated'], message }];
    },
  },
  {
    reads: [['RotationScheme'], ['PurgeRotation'], ['Backfill']],
    check({ RotationScheme: scheme, PurgeRotation: keep, Backfill: backfill = 0 }) {
      const count = Number(backfill);
      if (count === 0) return [];
      if (scheme === 'none')
        return [
          {
            at: ['Backfill'],
            message: `is ${count}, but must be 0 or omitted. With RotationScheme "none", the group has no past tables.`,
          },
        ];
      if (keep === undefined || Number(keep) === -1 || count < Number(keep)) return [];
      const most = Number(keep) - 1;
      const why = `PurgeRotation retains ${keep} tables, including the current one`;
      return [{ at: ['Backfill'], message: `is ${count}, but must be at most ${most}, because ${why}.` }];
    },
  },
];
