import { messageOf, ServiceError } from './core/failure.ts';
import type { Notices } from './ports.ts';

/** A slow receiver must not delay a run. */
const PATIENCE_MS = 5_000;

/** With these errors, no request was sent. */
const UNSENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Posts each notice to a URL as JSON: `environment`, `subject`, `message` and `types`. Only 2xx is success, and redirects are not
 * followed. The operator of the process sets the URL, so it may have a private address. Errors contain nothing of it, because it
 * can contain a secret.
 */
export function webhookNotices(url: string, environment: string, patienceMs = PATIENCE_MS): Notices {
  return {
    async publish({ subject, message, types }) {
      const signal = AbortSignal.timeout(patienceMs);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ environment, subject, message, types }),
        redirect: 'manual',
        signal,
      }).catch((error: unknown) => {
        throw signal.aborted
          ? new ServiceError('unavailable', `no answer within ${patienceMs / 1000} seconds`)
          : connectionFailure(error);
      });
      await response.body?.cancel();
      if (!response.ok) throw new ServiceError('refused', `HTTP ${response.status}`);
    },
  };
}

/** What Node's fetch says is in the cause. */
function connectionFailure(error: unknown): ServiceError {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  const words = code === undefined ? messageOf(error) : `no connection (${code})`;
  return new ServiceError(code !== undefined && UNSENT.has(code) ? 'refused' : 'unavailable', words);
}
