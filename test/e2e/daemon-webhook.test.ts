/** The daemon posts the notices of its runs to a webhook. */
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { begin } from '../support/cli.ts';
import { CONFIG } from '../support/cli-on-aws.ts';

let aws: EmbeddedAws;
let folder: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  folder = mkdtempSync(join(tmpdir(), 'turntable-webhook-'));
  copyFileSync(join(CONFIG, 'tables.json'), join(folder, 'tables.json'));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ Defaults: { Notices: ['create'] } }));
  await awsState(new DynamoDBClient({}), 'production').initialize();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await aws.close();
});

test('its first run tells which tables it has created', async () => {
  const posted = new Promise<string>((resolve) => {
    receiver.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.writeHead(204).end();
      resolve(Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const daemon = await begin(['daemon', '--config', folder, '--env', 'production'], {
    ...aws.env,
    TURNTABLE_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
  });
  try {
    expect(JSON.parse(await posted)).toMatchObject({
      environment: 'production',
      subject: expect.stringMatching(/^Turntable production: \d+ tables created$/),
      message: expect.stringContaining('  production.Flags.'),
      types: ['create'],
    });
  } finally {
    daemon.kill('SIGTERM');
    await once(daemon, 'exit');
    receiver.close();
  }
});

const receiver = createServer();
