/** Replicas of tables in other regions, replayed on the embedded AWS. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { done, held, openStage, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const YESTERDAY = 'production.Events.20251120';
const TODAY = 'production.Events.20251121';
const TOMORROW = 'production.Events.20251122';
const IRELAND = 'eu-west-1';

const replicated = (more: Record<string, unknown> = {}) => {
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };
  return spec('Events', {
    Replicas: [{ RegionName: IRELAND }],
    Properties: { ...spec().Properties, StreamSpecification },
    ...more,
  });
};
const abroad = () => awsPorts('production').inRegion(IRELAND).tables;
/** Runs rotate from one hour to the next until it has nothing more to do. */
async function settle(day: string, from = 9): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    const hour = String(from + i).padStart(2, '0');
    expect((await stage.run('rotate', `${day}T${hour}:05`)).error).toBe('');
  }
}

describe('A table with a replica', () => {
  test('has it with its tags and protection before its period, and plan, status, explain and report show it', async () => {
    stage.configure([replicated()]);
    stage.at('2025-11-21T09:00');
    const plan = await stage.cli('plan');
    expect(plan.stdout).toContain('The spec has a replica in eu-west-1.');
    const first = await stage.run('rotate', '2025-11-21T09:05');
    expect([first.error, done(first)]).toEqual([
      '',
      [
        `add-replica ${TODAY} applied`,
        `add-replica ${TOMORROW} applied`,
        `create ${TODAY} applied`,
        `create ${TOMORROW} applied`,
      ],
    ]);
    expect(done(await stage.run('rotate', '2025-11-21T09:50'))).toEqual([
      `tag-replica ${TODAY} applied`,
      `tag-replica ${TOMORROW} applied`,
    ]);
    expect(done(await stage.run('rotate', '2025-11-21T10:05'))).toEqual([
      `protection ${TODAY} applied`,
      `protection ${TOMORROW} applied`,
    ]);
    const last = await stage.run('rotate', '2025-11-21T10:50');
    expect([done(last), held(last), last.error]).toEqual([[], [], '']);
    const copy = await abroad().describe(TOMORROW);
    expect(copy).toMatchObject({ deletionProtected: true });
    expect(await abroad().tags(copy!.arn)).toMatchObject({
      'turntable:environment': 'production',
      'turntable:period': '2025-11-22T00:00:00.000Z',
    });
    expect((await stage.cli('status')).stdout).toContain('replica eu-west-1');
    expect((await stage.cli('explain', 'Events')).stdout).toContain('Replica eu-west-1.');
    const status = JSON.parse((await stage.cli('status', '--json')).stdout);
    expect(status.tables[0].replicas).toEqual([{ region: IRELAND, status: 'ACTIVE' }]);
    const report = JSON.parse((await stage.cli('report', '--json')).stdout);
    expect(report.groups[0].regions).toEqual([IRELAND]);
  });

  test('is removed with it after the waiting period, and the history says so', async () => {
    stage.configure([replicated()]);
    for (const day of ['20', '21', '22']) await settle(`2025-11-${day}`, 0);
    await stage.confirm();
    expect(done(await stage.run('purge', '2025-11-22T05:35'))).toEqual([
      `schedule-deletion ${YESTERDAY} applied`,
    ]);
    expect((await stage.cli('explain', YESTERDAY)).stdout).toMatch(
      /removes the replicas of the\s+table, and a later run deletes/,
    );
    expect(done(await stage.run('purge', '2025-11-22T18:35'))).toEqual([
      `remove-replica ${YESTERDAY} applied`,
    ]);
    expect(await abroad().describe(YESTERDAY)).toBeUndefined();
    expect(done(await stage.run('purge', '2025-11-22T19:35'))).toEqual([`delete ${YESTERDAY} applied`]);
    expect((await stage.cli('history')).stdout).toContain('remove-replica');
  });

  test('keeps the deletion waiting while its region does not answer, and doctor says so', async () => {
    stage.configure([replicated()]);
    for (const day of ['20', '21', '22']) await settle(`2025-11-${day}`, 0);
    await stage.confirm();
    await stage.run('purge', '2025-11-22T05:35');
    stage.aws.unreachable.add(IRELAND);
    const purged = await stage.run('purge', '2025-11-22T18:35');
    expect(done(purged)).toEqual([]);
    expect(purged.error).toContain("Could not read the eu-west-1 replica's description");
    expect(await stage.describe(YESTERDAY)).toMatchObject({ TableStatus: 'ACTIVE' });
    const doctor = await stage.cli('doctor');
    expect(doctor.stdout).toContain('dynamodb:DescribeTable in the Regions of Replicas');
    const rotated = await stage.run('rotate', '2025-11-23T00:05');
    expect(done(rotated)).toEqual([
      'add-replica production.Events.20251124 applied',
      'create production.Events.20251124 applied',
    ]);
    stage.aws.unreachable.clear();
    expect(done(await stage.run('purge', '2025-11-23T00:35'))).toContain(
      `remove-replica ${YESTERDAY} applied`,
    );
  });

  test('of a region that has a table of the name is refused in the words of DynamoDB, and nothing of that table changes', async () => {
    stage.configure([replicated()]);
    const other = { TableName: TODAY, ...spec().Properties } as never;
    await abroad().create(other);
    const run = await stage.run('rotate', '2025-11-21T09:05');
    expect(run.error).toContain('one or more replicas already existed as tables');
    expect(done(run)).toContain(`add-replica ${TOMORROW} applied`);
    const copy = await abroad().describe(TODAY);
    expect(await abroad().tags(copy!.arn)).toEqual({});
  });

  test('whose creation failed makes rotate and scale fail, and is added again after a person removed it', async () => {
    stage.configure([replicated()]);
    stage.aws.failing.add(IRELAND);
    await stage.run('rotate', '2025-11-21T09:05');
    const failed = await stage.run('rotate', '2025-11-21T09:50');
    expect([done(failed), failed.error]).toEqual([
      [],
      expect.stringContaining('The replica in eu-west-1 is CREATION_FAILED.'),
    ]);
    stage.aws.failing.clear();
    for (const table of [TODAY, TOMORROW]) await awsPorts('production').tables.removeReplica(table, IRELAND);
    expect(done(await stage.run('rotate', '2025-11-21T10:05'))).toEqual([
      `add-replica ${TODAY} applied`,
      `add-replica ${TOMORROW} applied`,
    ]);
  });
});
