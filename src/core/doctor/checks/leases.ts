import { sayInstant } from '../../calendar/instant.ts';
import type { StoredLease } from '../../facts.ts';
import { TOLERATED_MS } from '../../guards/clock-check.ts';
import { LONGEST_LEASE_MS } from '../../guards/lease.ts';
import type { Job } from '../../plan.ts';
import { plural } from '../../text.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';
import { LATE_MS } from './runs.ts';

/** The alarm RunsSkipped has the same. */
const SKIPPED = 3;

export const leases = checkWith(
  'stale leases, and jobs that wait for a lease',
  ['leases'],
  ({ leases: found }, { wall }) =>
    found.flatMap((lease): Said[] => {
      const ended = wall - lease.expiresAt;
      if (-ended > LONGEST_LEASE_MS + TOLERATED_MS) return [tooLong(lease)];
      if (ended > TOLERATED_MS) return [stale(lease, ended)];
      return ended < 0 && lease.skips >= SKIPPED ? [blocking(lease)] : [];
    }),
);

const tooLong = ({ job, owner, expiresAt }: StoredLease): Said => ({
  severity: 'warning',
  message: `The lease of ${job} (${owner}) ends at ${sayInstant(expiresAt)}, which is longer than any run. A wrong clock or a person wrote it.`,
  cure: 'The next run ignores and replaces it. Check the clock of the machine that wrote it.',
});

/** A run that ends releases its lease, so a lease that has expired is of a run that was killed. */
function stale({ job, owner, expiresAt }: StoredLease, endedMs: number): Said {
  const [whole = job] = job.split('/'); // of a shard of scale
  const isLate = endedMs > (LATE_MS[whole as Job] ?? LATE_MS.rotate);
  return {
    severity: isLate ? 'warning' : 'note',
    message: `The lease of ${job} (${owner}) ended at ${sayInstant(expiresAt)} and was not released. Its run was killed${isLate ? ', and no run of this job has started since' : ''}.`,
    cure: isLate
      ? `Check that ${job} is scheduled. The next run acquires the lease.`
      : `Read the log of that run. The next run of ${job} acquires the lease.`,
  };
}

const blocking = ({ job, owner, expiresAt, skips, skippedSince }: StoredLease): Said => ({
  severity: 'warning',
  message: `${plural(skips, 'run')} of ${job} ${skips === 1 ? 'was' : 'were'} skipped${skippedSince === undefined ? '' : ` since ${sayInstant(skippedSince)}`}, because ${owner} has the lease until ${sayInstant(expiresAt)}.`,
  cure: `Find out why the runs of ${job} take so long, or whether two schedules start it. See docs/runbooks.md#runsskipped.`,
});
