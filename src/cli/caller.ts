import type { Ports } from '../ports.ts';

/** The ARN of the user or role; undefined if STS does not tell it, because that must not keep a command from its work. */
export const callerOf = async ({ caller }: Ports): Promise<string | undefined> =>
  (await caller?.identity().catch(() => undefined))?.arn;
