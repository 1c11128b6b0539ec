/** `turntable confirm`: an operator says that a retention is correct. Nothing else says so. */
import { PassThrough } from 'node:stream';
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { done, held, openStage, type Stage, spec } from '../incidents/stage.ts';

const OLD = 'production.Events.20251121';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec('Events', { PurgeRotation: 4 })]);
  await stage.past(async () => {
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-23T03:30');
  });
  stage.configure([spec()]);
});
afterEach(() => stage.close());

const keep = async () => (await awsPorts('production').state.retentions()).get('Events')?.keep;

const PREVIEW = `production.Events (us-east-1, account 000000000000): purge applies PurgeRotation 4 (daily), and the configuration says PurgeRotation 2 (daily).

The confirmation makes 1 table due. Purge can schedule the deletion in its next run and delete it 12 hours later:
  - ${OLD}
`;

test('previews the change, and without a terminal changes nothing', async () => {
  expect(await stage.cli('confirm', 'Events')).toEqual({
    code: 0,
    stdout: `${PREVIEW}\nNothing was confirmed. To confirm: turntable confirm Events --env production --retype Events\n`,
    stderr: '',
  });
  expect(JSON.parse((await stage.cli('confirm', 'Events', '--json')).stdout)).toEqual({
    environment: 'production',
    group: 'Events',
    applied: { scheme: 'daily', purgeRotation: 4 },
    spec: { scheme: 'daily', purgeRotation: 2 },
    due: [OLD],
    inForce: false,
  });
  expect(await keep()).toBe(4);
});

test.each<[string, string[]]>([
  ['confirm', ['Events']],
  ['plan', []],
  ['status', []],
])('repeats --config in the commands that %s suggests', async (command, args) => {
  await stage.cli('suspend', 'purging');
  const { stdout } = await stage.cli(command, ...args, '--config', `${stage.folder}/`);
  const suggested = stdout.match(/turntable \S+ \S+ --env production[^.\n]*/g);
  expect(suggested?.length).toBeGreaterThan(0);
  for (const each of suggested!) expect(each).toContain(`--env production --config ${stage.folder}/`);
});

test.each([5, -1])('has nothing to confirm if the retention becomes longer: %i', async (PurgeRotation) => {
  stage.configure([spec('Events', { PurgeRotation })]);
  const said = `production.Events (us-east-1, account 000000000000): PurgeRotation ${PurgeRotation} (daily) is in force at once, because it is not shorter than PurgeRotation 4 (daily). There is nothing to confirm.\n`;
  expect(await stage.cli('confirm', 'Events')).toEqual({ code: 0, stdout: said, stderr: '' });
  expect(JSON.parse((await stage.cli('confirm', 'Events', '--json')).stdout)).toMatchObject({
    due: [],
    inForce: true,
  });
  expect(await keep()).toBe(4);
});

test('puts a shorter retention in force if the name is typed again', async () => {
  expect(await stage.cli('confirm', 'Events', '--retype', 'Events')).toEqual({
    code: 0,
    stdout: `${PREVIEW}\nConfirmed. It takes effect in the next run of purge.\n`,
    stderr: '',
  });
  expect(done(await stage.run('purge', '2025-11-23T03:35'))).toEqual([`schedule-deletion ${OLD} applied`]);
  expect((await stage.cli('confirm', 'Events')).stdout).toBe(
    'production.Events (us-east-1, account 000000000000): PurgeRotation 2 (daily) is in force. There is nothing to confirm.\n',
  );
});

test.each([
  ['the name', 'Events', 2, 0],
  ['yes', 'yes', 4, 1],
  ['another name', 'events', 4, 1],
])('accepts only the name at a prompt: %s', async (_, answer, kept, code) => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(terminal as never);
  terminal.write(`${answer}\n`);
  expect((await stage.cli('confirm', 'Events')).code).toBe(code);
  expect(await keep()).toBe(kept);
});

test.each<[string, string[], string]>([
  ['an unknown group', ['Evnets'], 'Unknown group "Evnets". Known groups: Events.'],
  ['another name', ['Events', '--retype', 'Event'], '--retype must be Events, the name of the group.'],
  ['a future time', ['Events', '--at', '2026-01-01'], 'confirm rejects a future time'],
])('rejects %s without calling AWS', async (_, args, message) => {
  stage.aws.resetCalls();
  const { code, stderr } = await stage.cli('confirm', ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stage.aws.calls.size).toBe(0);
});

test('confirms nothing while purge is running', async () => {
  const now = Date.now();
  await awsPorts('production').state.acquire({ job: 'purge', owner: 'a run' }, now, now + 60_000);
  const { code, stderr } = await stage.cli('confirm', 'Events', '--retype', 'Events');
  expect(code).toBe(1);
  expect(stderr).toContain('Another purge run is in progress (a run).');
  expect(await keep()).toBe(4);
});

test('is not replaced by `apply --yes`, however often', async () => {
  stage.at('2025-11-23T03:35');
  for (let i = 0; i < 2; i += 1) {
    const { stdout } = await stage.cli('apply', '--yes');
    expect(stdout).toContain(`${OLD}  delete held`);
    expect(stdout).toContain('PurgeRotation changed from 4 to 2.');
  }
  expect(await keep()).toBe(4);
  expect(await awsPorts('production').state.scheduledDeletions()).toEqual([]);
});

describe('A group without a record of its retention', () => {
  async function forget(): Promise<void> {
    const client = new DynamoDBClient({});
    const Key = { Kind: { S: 'retention' }, Id: { S: 'Events' } };
    await client.send(new DeleteItemCommand({ TableName: 'production.turntable', Key }));
    client.destroy();
  }

  test('waits for a confirmation after an upgrade, and a deletion that was scheduled before is canceled', async () => {
    await stage.confirm();
    await stage.run('purge', '2025-11-23T03:35');
    await forget();
    await stage.run('rotate', '2025-11-24T03:30');
    const first = await stage.run('purge', '2025-11-24T03:35');
    expect(done(first)).toEqual([`cancel-deletion ${OLD} applied`]);
    expect(first.error).toContain(
      `${OLD}: Deletion held: purge has not applied a retention to this group yet, and the table is older than PurgeRotation 2 retains. If PurgeRotation is correct, run turntable confirm Events --env production.`,
    );
    expect(held(first)).toHaveLength(2);
    await stage.confirm();
    expect(done(await stage.run('purge', '2025-11-24T03:40'))).toEqual([
      `schedule-deletion ${OLD} applied`,
      'schedule-deletion production.Events.20251122 applied',
    ]);
  });

  test('needs none if no table is older than that', async () => {
    await forget();
    stage.configure([spec('Events', { PurgeRotation: 3 })]);
    expect((await stage.run('purge', '2025-11-23T03:35')).error).toBe('');
    expect(await keep()).toBe(3);
  });
});
