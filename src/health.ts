import type { Health } from './core/observed.ts';

/** A slow answer is unhealthy too, and a run cannot wait for it. */
const PATIENCE_MS = 3_000;

/**
 * Gets a URL. Only 2xx is healthy. A redirect is not, because it might lead to a page that always answers. Never rejects.
 * The answer contains nothing of the URL, because logs must not show it.
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
  if (name === 'TimeoutError') return `no answer within ${patienceMs / 1000} seconds`;
  return typeof cause?.code === 'string' ? `no connection (${cause.code})` : 'no connection';
}
