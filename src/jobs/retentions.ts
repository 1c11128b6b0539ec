import type { AppliedRetention } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { TOLERATED_MS } from '../core/guards/clock-check.ts';
import type { AppliedRetentions } from '../core/observed.ts';
import type { StateStore } from '../ports.ts';

/**
 * The retentions that purge last applied. Announcements after `latest`, epoch milliseconds, are left out, because they would
 * wait for their date. A missing state table has no retention.
 * @throws ServiceError, `newer-state`
 */
export async function appliedRetentions(state: StateStore, latest: number): Promise<AppliedRetentions> {
  const sound = ({ announced, ...applied }: AppliedRetention): AppliedRetention =>
    announced && announced.toldAt <= latest + TOLERATED_MS ? { ...applied, announced } : applied;
  try {
    return new Map([...(await state.retentions())].map(([group, retention]) => [group, sound(retention)]));
  } catch (error) {
    if (isFailure(error, 'newer-state')) throw error;
    return isFailure(error, 'not-found') ? new Map() : { error: messageOf(error) };
  }
}
