import type { Capacity } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';

/**
 * A global index that is added to a table or removed from it. While DynamoDB allocates it, the table is UPDATING. After
 * that, the table and its other indexes can be changed:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
 */
export interface IndexBuild {
  readonly index: string;
  readonly status: 'CREATING' | 'DELETING';
  readonly allocatedAt: number;
  readonly endsAt: number;
}

/** The status of an index while it is built, and whether DynamoDB fills it. */
export function buildStatus(
  build: IndexBuild | undefined,
  index: string | undefined,
  now: number,
): Pick<Capacity, 'status' | 'backfilling'> | undefined {
  if (!build || build.index !== index || now >= build.endsAt) return undefined;
  const { status, allocatedAt } = build;
  return { status, ...(status === 'CREATING' && { backfilling: now >= allocatedAt }) };
}

/** @throws ServiceError `limit-exceeded` if another index is built, except to delete the one that is filled */
export function rejectSecondBuild(build: IndexBuild | undefined, now: number, deleted?: string): void {
  if (!build || now >= build.endsAt) return;
  if (build.status === 'CREATING' && build.index === deleted) return;
  const message = 'Only 1 online index can be created or deleted simultaneously per table';
  throw new ServiceError('limit-exceeded', `Subscriber limit exceeded: ${message}`);
}
