/** Retentions that become shorter, and deletions beyond the usual ones, replayed with the topic of the stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { done, held, openStage, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  vi.stubEnv('TURNTABLE_TOPIC_ARN', stage.aws.createTopic('alarms'));
  stage.configure([spec()]);
});
afterEach(() => stage.close());

const scheduled = async (): Promise<string[]> =>
  (await awsPorts('production').state.scheduledDeletions()).map(
    ({ table, scheduledAt }) => `${table} ${new Date(scheduledAt).toISOString().slice(0, 16)}`,
  );
/** The notices since the last day without news. */
const own = () => stage.aws.published.filter(({ at }) => new Date(at).toISOString() > '2025-11-25');
const subjects = (): string[] => stage.aws.published.map(({ subject }) => subject);

describe('Deletions beyond the usual one per period', () => {
  /** Purge has not run for two days, so three tables are due together. */
  async function late(): Promise<void> {
    await stage.live('2025-11-21', '2025-11-22');
    for (const day of ['23', '24', '25']) await stage.run('rotate', `2025-11-${day}T03:30`);
  }
  const OLD = ['20251121', '20251122'].map((date) => `production.Events.${date}`);
  const USUAL = 'production.Events.20251123';

  test('are announced on the topic before they are scheduled, and the command in the notice cancels them', async () => {
    await late();
    const purged = await stage.run('purge', '2025-11-25T03:35');
    expect(purged.error).toBe('');
    expect(done(purged)).toEqual([...OLD, USUAL].map((table) => `schedule-deletion ${table} applied`));
    // The notice of the run does not repeat them.
    expect(own().map(({ subject, attributes }) => [subject, attributes.types])).toEqual([
      ['Turntable production: deletion of 2 tables scheduled', '["schedule-deletion"]'],
      ['Turntable production: 1 deletion scheduled', '["schedule-deletion"]'],
    ]);
    const { message } = own()[0]!;
    for (const table of OLD) expect(message).toContain(`${table}  0 B, 0 items`);
    expect(message).not.toContain(USUAL);
    expect(message).toContain('Retention ended at 2025-11-23 00:00 UTC');
    const [, command = ''] = /To cancel: turntable (.*) --env production/.exec(message) ?? [];
    stage.at('2025-11-25T09:00');
    const [name = '', ...tables] = command.split(' ');
    expect((await stage.cli(name, ...tables)).code).toBe(0);
    expect(await scheduled()).toEqual([`${USUAL} 2025-11-25T03:35`]);
  });

  test.each<[string, () => void, number]>([
    [
      'does not answer',
      () => {
        stage.aws.intercept = (operation) =>
          operation === 'Publish'
            ? { type: 'InternalError', message: 'SNS is down.', status: 500 }
            : undefined;
      },
      0,
    ],
    [
      'accepts a notice but its answer is lost',
      () => {
        stage.aws.rewrite = (operation, body) => (operation === 'Publish' ? {} : body);
      },
      1,
    ],
  ])('start no waiting period while SNS %s', async (_, breaks, accepted) => {
    await late();
    breaks();
    const failed = await stage.run('purge', '2025-11-25T03:35');
    expect(failed.error).toContain(
      `schedule-deletion ${OLD[0]}: The notice could not be sent, so the deletion is not scheduled:`,
    );
    expect(await scheduled()).toEqual([`${USUAL} 2025-11-25T03:35`]);
    expect(subjects().filter((one) => /: deletion of /.test(one))).toHaveLength(accepted);
    stage.aws.intercept = undefined;
    stage.aws.rewrite = undefined;
    expect((await stage.run('purge', '2025-11-25T14:00')).error).toBe('');
    expect(await scheduled()).toEqual([
      ...OLD.map((table) => `${table} 2025-11-25T14:00`),
      `${USUAL} 2025-11-25T03:35`,
    ]);
    await stage.run('rotate', '2025-11-26T01:55');
    expect(done(await stage.run('purge', '2025-11-26T01:59'))).not.toContain(`delete ${OLD[0]} applied`);
    expect(done(await stage.run('purge', '2025-11-26T02:00'))).toContain(`delete ${OLD[0]} applied`);
  });
});

describe('The retentions of two groups that became shorter by mistake', () => {
  const fixture = (file: string): unknown =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/field', file), 'utf8'));

  test('are announced once and delete nothing, hour by hour, until they are restored', async () => {
    stage.configure(fixture('retention-before.json'));
    await stage.run('rotate', '2025-11-21T00:05');
    await stage.run('purge', '2025-11-21T00:35');
    const { state } = awsPorts('production');
    // The groups are as old as their retention.
    for (const [name, date] of [
      ['Pings', '2025111900'],
      ['Invoices', '20250801'],
    ] as const)
      await stage.make(`production.${name}.${date}`, {
        'turntable:environment': 'production',
        'turntable:spec': name,
        'turntable:scheme': name === 'Pings' ? 'hourly' : 'monthly',
        'turntable:period': name === 'Pings' ? '2025-11-19T00:00:00.000Z' : '2025-08-01T00:00:00.000Z',
        'turntable:created-at': '2025-11-21T00:35:00.000Z',
      });
    expect([...(await state.retentions())].map(([group, { keep }]) => `${group} ${keep}`).sort()).toEqual([
      'Invoices 6',
      'Pings 96',
    ]);
    stage.configure(fixture('retention-slip.json'));
    for (const hour of ['12', '13']) {
      await stage.run('rotate', `2025-11-21T${hour}:05`);
      const purged = await stage.run('purge', `2025-11-21T${hour}:35`);
      expect(done(purged)).toEqual([]);
      expect(purged.error).toBe('');
      expect(held(purged).join('\n')).toContain(
        'delete production.Invoices.20250801: Deletion held: PurgeRotation changed from 6 to 2.',
      );
      expect(held(purged).join('\n')).toContain(
        'delete production.Pings.2025111900: Deletion held: PurgeRotation changed from 96 to 60.',
      );
    }
    expect(subjects().sort()).toEqual([
      'Turntable production: shorter retention of Invoices',
      'Turntable production: shorter retention of Pings',
    ]);
    expect(await scheduled()).toEqual([]);
    stage.configure(fixture('retention-before.json'));
    expect((await stage.run('purge', '2025-11-21T14:35')).holds).toEqual([]);
    expect((await state.retentions()).get('Pings')).not.toHaveProperty('announced');
  });
});
