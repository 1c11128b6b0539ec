import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { RotatingError } from 'turntable/client';
import { latestOf } from './visits.ts';

/** `GET /latest?page=/prices&cursor=…` returns JSON with twenty visits, and the cursor for the next twenty. */
async function latest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  try {
    const cursor = searchParams.get('cursor') ?? undefined;
    const page = await latestOf(searchParams.get('page') ?? '/', cursor, closed.signal);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
  } catch (error) {
    if (closed.signal.aborted) return;
    const badRequest = error instanceof RotatingError && error.code === 'invalid-cursor';
    response.writeHead(badRequest ? 400 : 500).end(badRequest ? error.message : 'Try again later.');
  }
}

export const server = createServer(latest);
