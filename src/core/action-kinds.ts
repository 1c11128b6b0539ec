import type { ActionKind } from '../generated/plan.ts';

/** How a plan counts and marks an action. */
export type Change = 'create' | 'change' | 'schedule-deletion' | 'back-up' | 'archive' | 'delete';

/** What the rest of the code needs to know about a kind of action. */
interface KindTraits {
  /** When a run carries out the action. Lower stages run first, and each stage ends before the next one starts. */
  readonly stage: number;
  /** Whether the table is UPDATING for minutes afterwards. DynamoDB accepts no other change meanwhile. */
  readonly keepsUpdating: boolean;
  /**
   * Whether a run may perform it even if the time of the run might be wrong. `unless-certain`: only if some of AWS's
   * answers confirm the time. `raises`: only the changes that do not lower capacity.
   */
  readonly underWrongClock: 'allowed' | 'raises' | 'unless-certain' | 'forbidden';
  /** Whether a run may perform it without a lease. `raises`: only the changes that do not lower capacity. */
  readonly withoutLease: 'allowed' | 'raises' | 'forbidden';
  /** Whether it is a step towards deleting a table. Purge's caps count such actions. */
  readonly capped: boolean;
  readonly change: Change;
  /**
   * Whether it waits for DynamoDB as long as the run can, because that takes minutes. If the run ends before, that is no failure: the
   * next run goes on. It also waits for earlier actions of its table in the run.
   */
  readonly goesOn?: true;
  /** `status` shows one action or hold for each table: the one with the lowest rank. */
  readonly outlookRank: number;
}

/** Settings of a table: nothing is lost if they are set twice or early. */
const setting = {
  keepsUpdating: false,
  underWrongClock: 'allowed',
  withoutLease: 'forbidden',
  capped: false,
  change: 'change',
} as const;

/** A change of a table's capacity, its billing mode or its class. */
const update = { keepsUpdating: true, withoutLease: 'forbidden', capped: false, change: 'change' } as const;

/** A step towards deletion. */
const removal = {
  keepsUpdating: false,
  underWrongClock: 'forbidden',
  withoutLease: 'forbidden',
  capped: true,
} as const;

/**
 * Every kind of action. Creation comes first and deletion last, so that a run that reaches its deadline has done the
 * most important work. Actions that need an ACTIVE table come before actions that keep it UPDATING for minutes.
 */
export const actionKinds: Readonly<Record<ActionKind, KindTraits>> = {
  create: {
    stage: 0,
    keepsUpdating: false,
    underWrongClock: 'unless-certain',
    withoutLease: 'allowed',
    capped: false,
    change: 'create',
    outlookRank: 6,
  },
  'attach-consumer': { ...setting, stage: 1, outlookRank: 7 },
  'enable-destination': { ...setting, stage: 2, outlookRank: 8 },
  'time-to-live': { ...setting, stage: 3, outlookRank: 15 },
  recovery: { ...setting, stage: 4, outlookRank: 16 },
  raise: { ...update, stage: 5, underWrongClock: 'raises', withoutLease: 'raises', outlookRank: 11 },
  billing: { ...update, stage: 6, underWrongClock: 'forbidden', outlookRank: 12 },
  // Before the replica has its tags, purge removes nothing of it, and roles cannot change it.
  'tag-replica': { ...setting, stage: 7, outlookRank: 17 },
  protection: { ...setting, stage: 8, outlookRank: 18 },
  lower: { ...update, stage: 9, underWrongClock: 'forbidden', outlookRank: 13 },
  'table-class': { ...update, stage: 10, underWrongClock: 'forbidden', outlookRank: 14 },
  // DynamoDB keeps the table UPDATING while it creates a replica.
  'add-replica': { ...update, stage: 11, underWrongClock: 'unless-certain', goesOn: true, outlookRank: 9 },
  'cancel-deletion': { ...setting, stage: 12, outlookRank: 5 },
  'schedule-deletion': { ...removal, stage: 13, change: 'schedule-deletion', outlookRank: 4 },
  'back-up': { ...removal, stage: 14, change: 'back-up', outlookRank: 2 },
  archive: { ...removal, stage: 15, change: 'archive', outlookRank: 3 },
  'remove-replica': { ...removal, stage: 16, change: 'delete', goesOn: true, outlookRank: 1 },
  delete: { ...removal, stage: 17, change: 'delete', outlookRank: 0 },
  // Purge's caps count the deletion of the table, which comes first.
  'detach-consumer': { ...removal, stage: 18, capped: false, change: 'change', outlookRank: 19 },
};
