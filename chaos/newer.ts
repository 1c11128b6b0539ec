import type { StateStore } from '../src/ports.ts';

/** The records that a newer version can have written, and the methods that read or write them. */
export const newerKinds = {
  suspension: ['suspensions', 'suspend', 'resume'],
  'scheduled-deletion': ['scheduledDeletions', 'scheduleDeletion', 'cancelDeletion'],
  retention: ['retentions', 'recordRetention'],
  memory: ['memories', 'remember', 'rememberAll'],
} as const satisfies Readonly<Record<string, readonly (keyof StateStore)[]>>;
export type NewerKind = keyof typeof newerKinds;
