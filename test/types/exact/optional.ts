/** An application that compiles with exactOptionalPropertyTypes and passes its own optional parameters on. */
import { createResolver, type Instant } from 'turntable';
import type { QueryInput, RotatingClient, RotatingOptions } from 'turntable/client';

export const resolverFor = (now?: () => number, PurgeRotation?: number, PeriodsAhead?: number) =>
  createResolver({
    environment: 'production',
    tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation, PeriodsAhead }],
    now,
  });

export const ranged = (client: RotatingClient, from?: Instant, to?: Instant, signal?: AbortSignal) =>
  client.scan({ from, to, signal, order: undefined, concurrency: undefined, pageSize: undefined });

export const paged = (client: RotatingClient, query: QueryInput, cursor?: string) =>
  client.query({ ...query, cursor }).take(20);

export const single = async (client: RotatingClient, at?: Instant, signal?: AbortSignal) => {
  await client.get({ Key: 'a' }, { at, signal, from: at });
  await client.put({ Key: 'a' }, { signal });
  await client.delete({ Key: 'a' }, { at, signal });
  await client.update({ Key: 'a' }, { at, signal });
  await client.batchWrite([{ delete: { Key: 'a' }, at }], { signal, retries: undefined });
};

export const withIndexes = (
  options: Omit<RotatingOptions, 'indexes'>,
  indexes?: RotatingOptions['indexes'],
): RotatingOptions => ({ ...options, indexes });
