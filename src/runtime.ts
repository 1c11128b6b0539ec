import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsBackups } from './aws/backups.ts';
import { type CallLimits, within } from './aws/call-limits.ts';
import { type AwsClients, awsClients, type Chosen } from './aws/clients.ts';
import { awsExports } from './aws/exports.ts';
import { awsMetrics } from './aws/metrics.ts';
import { serviceClock } from './aws/service-clock.ts';
import { awsState } from './aws/state.ts';
import { awsTables } from './aws/tables.ts';
import { askHealth } from './health.ts';
import type { Ports, RegionPorts } from './ports.ts';

export type { Chosen };

/** The wall clock. */
export const wallClock = {
  now: () => Date.now(),
  sleep: (durationMs: number, until?: AbortSignal) =>
    sleep(durationMs, undefined, until ? { signal: until } : {}).catch(() => undefined),
};

/** The owner of a lease, unique for each invocation. */
export const leaseOwner = (what: string): string => `${what}-${process.pid}-${crypto.randomUUID()}`;

/** Limits of calls that differ from the usual ones. `perSecond`: tries after AWS has throttled one, for tests. */
export interface RuntimeLimits {
  readonly calls?: CallLimits;
  readonly perSecond?: number;
  /** How many processes share the account's quotas. Default: 1. */
  readonly workers?: number;
}

/** The only place that wires AWS to the ports. Region, credentials and endpoints are the SDK's settings. */
export function awsPorts(
  environment: string,
  { calls, perSecond, workers = 1 }: RuntimeLimits = {},
  chosen: Chosen = {},
): Ports {
  const clients = awsClients(calls, perSecond, chosen, workers);
  const { dynamodb, limited } = clients;
  const regions = new Map<string, RegionPorts>();
  return {
    ...regionPorts(clients, workers),
    backups: awsBackups(dynamodb, limited),
    exports: awsExports(dynamodb, limited),
    inRegion: (region) => {
      const ports =
        regions.get(region) ??
        regionPorts(awsClients(calls, perSecond, { ...chosen, region }, workers), workers);
      regions.set(region, ports);
      return ports;
    },
    state: awsState(dynamodb, environment),
    clock: { ...wallClock, aheadMs: serviceClock(dynamodb).aheadMs },
    health: askHealth,
    within,
  };
}

const regionPorts = ({ dynamodb, limited, once, cloudwatch }: AwsClients, workers: number): RegionPorts => ({
  tables: awsTables(dynamodb, limited, once),
  metrics: awsMetrics(cloudwatch, workers),
});

/** The folder of tables.json and settings.json: TURNTABLE_CONFIG, or the bundled config/. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.TURNTABLE_CONFIG || join(env.LAMBDA_TASK_ROOT || process.cwd(), 'config');
}
