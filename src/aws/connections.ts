/** Connections that the clients of a process share, so that a run does not begin with handshakes. */
import http from 'node:http';
import https from 'node:https';
import { SECOND_MS } from '../core/calendar/period.ts';

/**
 * AWS, a proxy or a NAT gateway can end an idle connection without a word, for example while Lambda has frozen the process.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
 */
const LONGEST_IDLE_MS = 90 * SECOND_MS;

/** As the SDK's own. */
const settings = { keepAlive: true, maxSockets: 50 };
const agents = { httpAgent: new http.Agent(settings), httpsAgent: new https.Agent(settings) };

let openedAt = Number.NEGATIVE_INFINITY;

/**
 * The agents of new clients. Each run has clients of its own, so that its retries, its pace and its readings of AWS's clock begin
 * afresh. The connections of a run that began long ago are closed.
 */
export function keptConnections(): typeof agents {
  const now = Date.now();
  if (Math.abs(now - openedAt) > LONGEST_IDLE_MS) closeIdleConnections();
  openedAt = now;
  return agents;
}

/** After a call has got no answer: others are likely to be broken too, and each would cost another try. */
export function closeIdleConnections(): void {
  for (const { freeSockets } of Object.values(agents))
    for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
}
