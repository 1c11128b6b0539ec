import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsBackups } from './aws/backups.ts';
import { type CallLimits, within } from './aws/call-limits.ts';
import { awsClients, type Chosen } from './aws/clients.ts';
import { awsMetrics } from './aws/metrics.ts';
import { serviceClock } from './aws/service-clock.ts';
import { awsState } from './aws/state.ts';
import { awsTables } from './aws/tables.ts';
import { askHealth } from './health.ts';
import type { Ports } from './ports.ts';

export type { Chosen };

/** The wall clock. */
export const wallClock = {
  now: () => Date.now(),
  sleep: (durationMs: number, until?: AbortSignal) =>
    sleep(durationMs, undefined, until ? { signal: until } : {}).catch(() => undefined),
};

/** The owner of a lease, unique for each invocation. */
export const leaseOwner = (what: string): string => `${what}-${process.pid}-${crypto.randomUUID()}`;

/** Limits of calls that differ from the usual ones, for tests. `perSecond`: tries after AWS has throttled one. */
export interface RuntimeLimits {
  readonly calls?: CallLimits;
  readonly perSecond?: number;
}

/** The only place that wires AWS to the ports. Region, credentials and endpoints are the SDK's settings. */
export function awsPorts(
  environment: string,
  { calls, perSecond }: RuntimeLimits = {},
  chosen: Chosen = {},
): Ports {
  const { dynamodb, limited, once, cloudwatch } = awsClients(calls, perSecond, chosen);
  return {
    tables: awsTables(dynamodb, limited, once),
    backups: awsBackups(dynamodb, limited),
    metrics: awsMetrics(cloudwatch),
    state: awsState(dynamodb, environment),
    clock: { ...wallClock, aheadMs: serviceClock(dynamodb).aheadMs },
    health: askHealth,
    within,
  };
}

/** The folder of tables.json and settings.json: TURNTABLE_CONFIG, or the bundled config/. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TURNTABLE_CONFIG || join(env.LAMBDA_TASK_ROOT || process.cwd(), 'config');
}
