/** A past that is repeated leaves the same account as the one that the jobs lived. */

import { inflateRawSync } from 'node:zlib';
import { DynamoDBClient, ListTagsOfResourceCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { held, openStage, ownTags, provisionedSpec, type Stage } from './stage.ts';

const changing = () => ({
  ...provisionedSpec(),
  Consumers: [{ Function: 'visits-{environment}' }],
  Properties: {
    ...(provisionedSpec() as { Properties: object }).Properties,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
});

/** Everything that the next run could see of an account. */
async function account(stage: Stage) {
  const client = new DynamoDBClient({});
  const tables = await Promise.all(
    (await stage.names()).map(async (name) => {
      const description = await stage.describe(name);
      const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: description!.TableArn }));
      return { description, tags: tags.Tags };
    }),
  );
  const state = await client.send(new ScanCommand({ TableName: 'production.turntable' }));
  client.destroy();
  const records = (state.Items ?? []).map((item) =>
    Object.entries(item).map(([name, value]) => [name, value.B ? String(inflateRawSync(value.B)) : value]),
  );
  return { tables, records };
}

async function played() {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  stage.configure([changing()], { Defaults: { Purge: { FinalBackup: true } } });
  let hasLived = false;
  await stage.past(async () => {
    hasLived = true;
    await stage.run('rotate', '2025-11-20T03:35');
    await stage.live('2025-11-21', '2025-11-24');
    await stage.make('production.Events.20251119', ownTags('production', 'Events', 'daily', '2025-11-19'));
    await stage.run('scale', '2025-11-24T09:00');
    await stage.cli('suspend', 'lowering');
  });
  const before = await account(stage);
  const runs = await stage.live('2025-11-25', '2025-11-26');
  return {
    hasLived,
    before,
    // Changes of different tables happen at once, and end in any order.
    runs: runs.map((run) => [
      run.error,
      run.results.map((one) => JSON.stringify(one)).sort(),
      held(run).sort(),
    ]),
    after: (await account(stage)).tables.map(({ description }) => description),
  };
}

test('A repeated past has the same tables, tags and records, and the next runs do the same', async () => {
  const { hasLived, ...lived } = await played();
  const { hasLived: again, ...repeated } = await played();
  expect([hasLived, again]).toEqual([true, false]);
  expect(lived.before.tables.length).toBeGreaterThan(3);
  expect(repeated).toEqual(lived);
});
