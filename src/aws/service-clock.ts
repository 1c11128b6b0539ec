import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Tells how far this machine's clock is ahead of the service's, by the Date header of its answers. */
export interface ServiceClock {
  /** Milliseconds, one reading for each of the latest answers, oldest first. */
  aheadMs(): readonly number[];
}

const READINGS = 4;

/** Listens to a client's answers. A Date header counts whole seconds. */
export function serviceClock(client: DynamoDBClient): ServiceClock {
  let readings: number[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      const asked = Date.now();
      const result = await next(args);
      const { headers } = (result.response ?? {}) as { headers?: Record<string, string> };
      const served = Date.parse(headers?.date ?? '');
      if (Number.isFinite(served))
        readings = [...readings, (asked + Date.now()) / 2 - served].slice(-READINGS);
      return result;
    },
    { step: 'deserialize', name: 'serviceClock' },
  );
  return { aheadMs: () => readings };
}
