/** Whose tables a process knows from its earlier invocations. */
import { describe, expect, it } from 'vitest';
import { startEmbeddedAws } from '../../src/embedded/index.ts';
import { recentDescriptions } from '../../src/handler.ts';

const HERE = {
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  AWS_ACCESS_KEY_ID: 'first',
};

describe('what earlier invocations have seen', () => {
  it('is kept for the same region, endpoint and credentials', () => {
    expect(recentDescriptions({ ...HERE })).toBe(recentDescriptions(HERE));
  });

  it.each([
    ['region', { AWS_REGION: 'us-east-1' }],
    ['endpoint', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4567' }],
    ['credentials', { AWS_ACCESS_KEY_ID: 'second' }],
  ])('is not known with another %s', (_other, change) => {
    expect(recentDescriptions({ ...HERE, ...change })).not.toBe(recentDescriptions(HERE));
  });

  it('is not taken for what another embedded account holds, even if it gets the same port', async () => {
    const first = await startEmbeddedAws();
    await first.close();
    const second = await startEmbeddedAws();
    await second.close();
    const { AWS_ENDPOINT_URL } = first.env;
    expect(recentDescriptions({ ...second.env, AWS_ENDPOINT_URL })).not.toBe(recentDescriptions(first.env));
  });
});
