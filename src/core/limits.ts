import type { Proposal } from './methods/method.ts';
import type { Phase } from './phase.ts';
import type { Reason } from './plan.ts';
import type { Range } from './spec.ts';

/** What limits one dimension of one table or index. */
export interface Limits {
  readonly provisioned: number;
  readonly bounds: Range;
  readonly phase: Phase;
}

/** What is left of a proposal, and the limits that spoke, each with its name. */
export interface Limited {
  readonly units: number;
  readonly reason: Reason;
  readonly message: string;
  readonly held: readonly { readonly reason: Reason; readonly message: string }[];
}

type Limit = (limited: Limited, limits: Limits) => Limited;

/** min and max of the settings; what stands outside is brought in. */
const bounded: Limit = (limited, { bounds: { min, max }, provisioned }) => {
  const units = Math.min(max, Math.max(min, limited.units));
  if (units === limited.units) return limited;
  const bound = units === min ? `the lowest allowed is ${min}` : `the highest allowed is ${max}`;
  const turned = (units - provisioned) * (limited.units - provisioned) <= 0;
  if (units !== provisioned && turned) return { ...limited, units, reason: 'out-of-bounds', message: bound };
  if (units !== provisioned) return { ...limited, units, message: `${limited.message}; ${bound}` };
  const held = {
    reason: 'bounds' as const,
    message: `${limited.message}; would be ${limited.units}, but ${bound}`,
  };
  const wantsMore = limited.units > provisioned;
  return { ...limited, units, held: wantsMore ? [...limited.held, held] : limited.held };
};

/** A table that just ended keeps what it has for late writers; one that has not begun is warmed by rotate. */
const unlowered: Limit = (limited, { phase, provisioned }) => {
  if (phase !== 'draining' || limited.units >= provisioned) return limited;
  return { ...limited, units: provisioned };
};

const chain: readonly Limit[] = [bounded, unlowered];

/** Sends a proposal through every limit in turn. */
export function limit(proposal: Proposal, limits: Limits): Limited {
  return chain.reduce<Limited>((limited, next) => next(limited, limits), { ...proposal, held: [] });
}
