import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { createResolver } from 'turntable';
import { type Visit, visits } from '../application/visits.ts';

const tables = [{ TableName: 'Idempotency', RotationScheme: 'none' }] as const;
const { current } = createResolver({ environment: process.env.STAGE ?? 'production', tables });
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: current('Idempotency') });

/** Records each event once, also if it comes again after midnight. */
export const handler = makeIdempotent(async (visit: Visit) => void (await visits.put(visit)), {
  persistenceStore,
});
