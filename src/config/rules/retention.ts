import type { Rule } from './rule.ts';

export const retentionRules: readonly Rule[] = [
  {
    reads: [['RotationScheme'], ['PurgeRotation']],
    check({ RotationScheme: scheme, PurgeRotation: keep }) {
      if (keep === undefined && scheme !== 'none')
        return [
          { at: [], message: 'must have "PurgeRotation": how many periods to keep, or -1 to keep all.' },
        ];
      if (keep !== undefined && scheme === 'none' && Number(keep) !== -1) {
        const why = 'the only table of a group is never deleted';
        return [
          {
            at: ['PurgeRotation'],
            message: `must be -1 or left out with RotationScheme "none", because ${why}; it is ${keep}.`,
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
      const message = 'must be left out with RotationScheme "none", whose only table is never outdated.';
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
            message: `must be left out with RotationScheme "none", which has no past tables; it is ${count}.`,
          },
        ];
      if (keep === undefined || Number(keep) === -1 || count < Number(keep)) return [];
      const most = Number(keep) - 1;
      const why = `PurgeRotation keeps ${keep}, the current one included, and older tables are deleted`;
      return [{ at: ['Backfill'], message: `must be at most ${most}, because ${why}; it is ${count}.` }];
    },
  },
];
