import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { refusalOf } from './addresses.ts';
import type { Health } from './core/facts.ts';

/** A slow answer is unhealthy too, and a run cannot wait for it. */
const PATIENCE_MS = 3_000;

type Resolver = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface HealthOptions {
  readonly patienceMs?: number;
  readonly resolver?: Resolver;
  /** Why no request may go to an IP address. undefined if one may. */
  readonly refusal?: (address: string) => string | undefined;
}

/** No request was sent, because of the address. */
class Refused extends Error {}

/**
 * Gets a URL. Only 2xx is healthy. A redirect is not, because it might lead to a page that always answers. Never rejects.
 * The answer contains nothing of the URL, because logs must not show it. `allowPrivate`: whether the host may be in a
 * private network.
 */
export async function askHealth(
  url: string,
  allowPrivate = false,
  options: HealthOptions = {},
): Promise<Health> {
  const { patienceMs = PATIENCE_MS } = options;
  const { refusal = (address: string) => refusalOf(address, allowPrivate) } = options;
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const { statusCode = 0, statusMessage = '' } = await head(url, { ...options, refusal }, signal);
    return {
      healthy: statusCode >= 200 && statusCode < 300,
      answer: `${statusCode} ${statusMessage}`.trim(),
    };
  } catch (error) {
    if (signal.aborted) return { healthy: false, answer: `no answer within ${patienceMs / 1000} seconds` };
    return { healthy: false, answer: reasonOf(error) };
  }
}

type Guard = Required<Pick<HealthOptions, 'refusal'>> & Pick<HealthOptions, 'resolver'>;

/** The response without its body. Redirects are not followed. */
function head(url: string, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname } = new URL(url);
    // Node does not look up an IP address, so it is checked here.
    const host = hostname.replace(/^\[|\]$/g, '');
    const refused = isIP(host) ? guard.refusal(host) : undefined;
    if (refused) throw new Refused(refused);
    const get = protocol === 'https:' ? getHttps : getHttp;
    // No agent: each request opens a connection, so each address is checked.
    const request = get(url, { agent: false, lookup: guarded(guard), signal }, (response) => {
      response.destroy();
      resolve(response);
    });
    request.on('error', reject);
  });
}

/** Node connects only to addresses that this lookup returns, so DNS cannot give another address after the check. */
function guarded({ resolver = lookup, refusal }: Guard): LookupFunction {
  return (host, options, callback) => {
    resolver(host, { ...options, all: true }, (error, addresses = []) => {
      const refused = addresses.map(({ address }) => refusal(address)).find((reason) => reason !== undefined);
      const [first] = addresses;
      if (refused !== undefined) callback(new Refused(refused), []);
      else if (error || !first) callback(error ?? new Error('no address'), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Refused) return `no request was sent: ${error.message}`;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}
