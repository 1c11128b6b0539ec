import { DAY_MS } from '../../calendar/period.ts';
import type { Suspendable, Suspension } from '../../facts.ts';
import { isInForce, saySuspended, saySuspension } from '../../guards/suspensions.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';

/** The alarm SuspendedForLong has the same. */
const LONG_MS = DAY_MS;

const effects: Readonly<Record<Suspendable, string>> = {
  purging: 'Expired tables stay, and cost money.',
  lowering: 'Capacity only rises, and costs money.',
};

export const suspensions = checkWith(
  'suspensions that were left on',
  ['suspensions'],
  ({ suspensions: all }, { config: { environment }, now }) =>
    all.filter((one) => isInForce(one, now)).map((one) => said(one, environment, now)),
);

/** A suspension that ends by itself, and soon, is what its operator wanted. */
function said(suspension: Suspension, environment: string, now: number): Said {
  const { what, since, until } = suspension;
  const isLong = now - since >= LONG_MS || until === undefined;
  return {
    severity: isLong ? 'warning' : 'note',
    message: `${saySuspension(suspension)} ${saySuspended(suspension)} ${effects[what]}`,
    cure: `If the reason is gone, run \`turntable resume ${what} --env ${environment}\`.`,
  };
}
