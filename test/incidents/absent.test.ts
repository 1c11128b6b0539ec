/** A current table that does not exist, or is on its way out. Scale says so, as rotate does. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { done, held, openStage, provisionedSpec, type Run, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const minuteOf = (minute: number): string => `2025-11-21T09:${String(minute).padStart(2, '0')}`;

async function scaleAt(...minutes: readonly number[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const minute of minutes) runs.push(await stage.run('scale', minuteOf(minute)));
  return runs;
}

/** Answers every DescribeTable of today's table. */
const describing = (
  answer: (table: Record<string, unknown>) => ReturnType<NonNullable<Stage['aws']['intercept']>>,
) => {
  stage.aws.intercept = (operation, { TableName }) =>
    operation === 'DescribeTable' && TableName === TODAY ? answer({ TableName }) : undefined;
};

const CURE =
  'Rotate creates it. If it is still missing after the next run of rotate, see why that run failed.';

test.each<[string, unknown, () => Promise<void>, string]>([
  [
    'was dropped by hand',
    provisionedSpec(),
    async () => {
      await stage.run('rotate', '2025-11-21T08:05');
      await stage.drop(TODAY);
    },
    `The table has been missing since 2025-11-21 09:03 UTC. ${CURE}`,
  ],
  [
    'has never been created',
    provisionedSpec(),
    async () => {},
    `The table has been missing since 2025-11-21 09:03 UTC. ${CURE}`,
  ],
  [
    'is on-demand, and is listed but not found',
    spec(),
    async () => {
      await stage.run('rotate', '2025-11-21T08:05');
      describing(() => ({ type: 'ResourceNotFoundException', message: 'Requested resource not found' }));
    },
    `The table has been missing since 2025-11-21 09:03 UTC. ${CURE}`,
  ],
  [
    'is DELETING',
    provisionedSpec(),
    async () => {
      await stage.run('rotate', '2025-11-21T08:05');
      stage.aws.rewrite = (operation, body) => {
        const { Table } = body as { Table?: Record<string, unknown> };
        const deleting = operation === 'DescribeTable' && Table?.TableName === TODAY;
        return deleting ? { Table: { ...Table, TableStatus: 'DELETING' } } : body;
      };
    },
    'The table has been DELETING since 2025-11-21 09:03 UTC. DynamoDB deletes it. Rotate creates it again as soon as it is gone. If it lasts for hours, ask AWS Support.',
  ],
])(
  'A current table that %s is held with its cure, and fails scale after 15 minutes',
  async (_, one, given, words) => {
    stage.configure([one]);
    await given();
    const runs = await scaleAt(3, 4, 17, 18, 19);
    expect(runs.map(({ error }) => error !== '')).toEqual([false, false, false, true, true]);
    for (const run of runs) expect(held(run)).toEqual([`use ${TODAY}: ${words}`]);
    expect(runs[1]?.holds).toMatchObject([
      { reason: 'table-unusable', shortage: { cause: 'unusable', since: '2025-11-21T09:03:00.000Z' } },
    ]);
    expect(runs[3]?.error).toContain(`1 table cannot serve what is asked of it. ${TODAY}: ${words}`);
    const { stdout } = await stage.cli('plan');
    expect(stdout).toContain(words);
    expect(stdout).toContain('1 table cannot serve what is asked of it.');
    stage.aws.intercept = undefined;
    delete stage.aws.rewrite;
    await stage.run('rotate', minuteOf(17));
    const [recovered] = await scaleAt(18);
    expect(recovered?.error).toBe('');
    expect(held(recovered!).filter((line) => line.startsWith('use '))).toEqual([]);
  },
);

test('A table that AWS does not show yet is no trouble: a run describes it, or waits', async () => {
  stage.configure([provisionedSpec()]);
  stage.aws.lateness = { describeMs: 0, tagsMs: 0, listMs: 60_000 };
  await stage.run('rotate', minuteOf(0));
  const [unlisted] = await scaleAt(1);
  expect(unlisted).toMatchObject({ error: '', holds: [] });
  stage.aws.lateness = { describeMs: 60_000, tagsMs: 0, listMs: 60_000 };
  const [unseen] = await scaleAt(2);
  expect(unseen?.error).toBe('');
  expect(unseen?.holds.filter(({ shortage }) => shortage)).toEqual([]);
  stage.aws.lateness = { describeMs: 0, tagsMs: 0, listMs: 0 };
  expect((await scaleAt(3))[0]).toMatchObject({ error: '', holds: [] });
});

test('A plan that creates the current table does not also hold it', async () => {
  stage.configure([provisionedSpec()]);
  stage.at(minuteOf(0));
  const { stdout } = await stage.cli('plan');
  expect(stdout).toContain(`+  ${TODAY}  create`);
  expect(stdout).not.toContain('held');
  expect(done(await stage.run('rotate', minuteOf(0)))).toContain(`create ${TODAY} applied`);
});
