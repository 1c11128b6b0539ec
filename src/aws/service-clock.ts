import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** How far this machine's clock is ahead of AWS's, by the Date headers of AWS's answers. */
export interface ServiceClock {
  /** Milliseconds ahead by each of the latest answers, oldest first. */
  aheadMs(): readonly number[];
}

const READINGS = 4;

/** Reads the Date headers of a client's answers. They have whole seconds. */
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
