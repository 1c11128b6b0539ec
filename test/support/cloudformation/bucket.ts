/** The calls of S3 by which osls uploads its bundles, with the bucket in the path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Deploying } from './query.ts';

/** Answers a call for a bucket or an object. */
export function answerBucket(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { objects }: Deploying,
): void {
  const url = new URL(request.url ?? '/', 'http://x');
  const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const { method } = request;
  if (key === '') {
    if (method === 'HEAD') return void response.writeHead(200, { 'x-amz-bucket-region': 'eu-west-1' }).end();
    return void response.writeHead(200, { 'content-type': 'application/xml' }).end(listed(bucket, objects));
  }
  if (method === 'PUT') {
    const kept = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
    objects.set(key, {
      body: content(body, request),
      headers: Object.fromEntries(kept) as Record<string, string>,
    });
    return void response.writeHead(200, { etag: '"x"' }).end();
  }
  const found = objects.get(key);
  if (!found) return void response.writeHead(404).end();
  response
    .writeHead(200, { ...found.headers, 'content-length': found.body.length })
    .end(method === 'HEAD' ? '' : found.body);
}

function listed(bucket: string, objects: Deploying['objects']): string {
  const contents = [...objects.keys()].map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified><Size>1</Size></Contents>`,
  );
  return `<ListBucketResult><Name>${bucket}</Name><KeyCount>${objects.size}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
}

/** The SDK sends some bodies in chunks with a trailing checksum: `<hex size>\r\n<data>\r\n0\r\n…`. */
function content(body: Buffer, { headers }: IncomingMessage): Buffer {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
