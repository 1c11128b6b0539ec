import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { visibleJson } from '../../config/quote.ts';
import { messageOf } from '../../core/failure.ts';
import { CommandFailed } from '../failure.ts';
import type { Verdict } from './condition.ts';
import type { Address } from './listen-option.ts';
import type { DaemonMetrics } from './prometheus.ts';

/** What the daemon answers. */
export interface Answers {
  health(): Verdict;
  readiness(): Verdict;
  readonly metrics: Pick<DaemonMetrics, 'text' | 'contentType'>;
}

export interface Listening {
  /** `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers GET /health, /ready and /metrics. @throws CommandFailed if the address cannot be used */
export async function listen({ host, port }: Address, answers: Answers): Promise<Listening> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return void end(response, 405, 'Use GET.\n');
    void answer(path ?? '', response, answers).catch((error: unknown) => {
      end(response, 500, `${messageOf(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandFailed(`Could not listen on ${host}:${port} (${error.code ?? error.message}).`)),
    );
    server.listen(port, host, resolve);
  });
  const { port: used } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${used}`, close: () => closed(server) };
}

async function answer(path: string, response: ServerResponse, answers: Answers): Promise<void> {
  const { metrics } = answers;
  if (path === '/health') return verdict(response, answers.health());
  if (path === '/ready') return verdict(response, answers.readiness());
  if (path === '/metrics') return end(response, 200, await metrics.text(), metrics.contentType);
  end(response, 404, 'Try /health, /ready or /metrics.\n');
}

const verdict = (response: ServerResponse, { ok, ...body }: Verdict): void =>
  end(response, ok ? 200 : 503, `${visibleJson(body)}\n`, 'application/json');

function end(response: ServerResponse, code: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
