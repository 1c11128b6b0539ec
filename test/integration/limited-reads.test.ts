/** A burst of reads that AWS limits to a few per second in the whole account. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { awsPorts } from '../../src/runtime.ts';

const TABLE = 'production.Events';
const BURST = 100;
/** A higher limit than AWS's, so that the test is short. The bucket holds one second of it. */
const ALLOWED_A_SECOND = 50;

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws({ createTableMs: 0 });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

/** Throttles calls above the limit, like AWS. Nothing is added before the first refusal, so a slow machine meets the limit too. */
function limit(operation: string): { refused: number } {
  const seen = { refused: 0 };
  let tokens = ALLOWED_A_SECOND;
  let last = performance.now();
  aws.intercept = (called) => {
    if (called !== operation) return undefined;
    const now = performance.now();
    if (seen.refused > 0)
      tokens = Math.min(ALLOWED_A_SECOND, tokens + ((now - last) / 1000) * ALLOWED_A_SECOND);
    last = now;
    if (tokens >= 1) {
      tokens -= 1;
      return undefined;
    }
    seen.refused += 1;
    return { type: 'ThrottlingException', message: 'Rate exceeded', status: 400 };
  };
  return seen;
}

it('slows down and succeeds if a burst of tag reads exceeds AWS’s limit', async () => {
  const { tables } = awsPorts('production', { perSecond: 0.8 * ALLOWED_A_SECOND });
  await tables.create({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  const { arn } = (await tables.describe(TABLE))!;
  const seen = limit('ListTagsOfResource');
  const tags = await Promise.all(Array.from({ length: BURST }, () => tables.tags(arn)));
  expect(tags).toEqual(Array.from({ length: BURST }, () => ({ team: 'a' })));
  expect(seen.refused).toBeGreaterThan(0);
});
