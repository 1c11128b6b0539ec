import type { Health } from './core/observed.ts';

/** A slow answer is a bad sign of its own, and a run must not wait for it. */
const PATIENCE_MS = 3_000;

/**
 * Gets a URL: healthy is 2xx and nothing else, a redirect neither, for it may lead to a page that always answers.
 * Never rejects; what it says never holds more of the URL than AWS's logs may see, which is nothing.
 */
export async function askHealth(url: string, patienceMs = PATIENCE_MS): Promise<Health> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
    await response.body?.cancel();
    return { healthy: response.ok, answer: `${response.status} ${response.statusText}`.trim() };
  } catch (error) {
    return { healthy: false, answer: reasonOf(error, patienceMs) };
  }
}

function reasonOf(error: unknown, patienceMs: number): string {
  const { name = '', cause } = (error ?? {}) as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`;
  return typeof cause?.code === 'string' ? `no connection (${cause.code})` : 'no connection';
}
