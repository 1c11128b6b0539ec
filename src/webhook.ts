import { ServiceError } from './core/failure.ts';
import type { Notices } from './ports.ts';

/** A slow receiver must not delay a run. */
const PATIENCE_MS = 5_000;

/** With these errors, no request was sent: there was no connection, or TLS did not accept the certificate or the protocol. */
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|UNABLE_TO_.*|ERR_(TLS|SSL)_.*)$|CERT/;

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

/** What Node's fetch says is in the cause. Its own message can contain the URL. */
function connectionFailure(error: unknown): ServiceError {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  const words = code === undefined ? 'the request failed' : `no connection (${code})`;
  return new ServiceError(code !== undefined && UNSENT.test(code) ? 'refused' : 'unavailable', words);
}
