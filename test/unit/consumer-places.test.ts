/** Functions and data streams in another Region or account than the tables, which are in us-east-1 and account 000000000000. */
import { describe, expect, it, test } from 'vitest';
import { placeOf, unreachableFunction, unreachableStream } from '../../src/core/streams.ts';
import { World } from '../support/sim/world.ts';
import { DAY } from '../support/specs.ts';
import { holdsOf, NOON, rotated, sayHolds, TODAY, TOMORROW, withConsumers } from '../support/streaming.ts';
import { run, sayResults, wanted } from '../support/worlds.ts';

const abroad = 'arn:aws:lambda:eu-west-1:000000000000:function:visits';
const foreign = 'arn:aws:lambda:us-east-1:111111111111:function:visits:live';
const streamIn = (place: string) => `arn:aws:kinesis:${place}:stream/visits`;

const ABROAD = `The function ${abroad} is in eu-west-1, and not in us-east-1 like the tables. Rotate attaches only functions in the account and Region of the tables. Correct Consumers, or use KinesisStreamDestination, whose data stream other accounts and Regions can read.`;
const FOREIGN = `The function ${foreign} belongs to account 111111111111, and not to account 000000000000 like the tables.`;

/** The operations of Lambda, and those of Kinesis data streams, that a world has been asked for. */
function asked(world: World): string[] {
  const calls: string[] = [];
  world.lambda.onCall = (operation) => calls.push(operation);
  world.lambda.onList = () => calls.push('ListEventSourceMappings');
  world.onCall = (operation) => operation.includes('Kinesis') && calls.push(operation);
  return calls;
}

test('the place of a name is that of the tables', () => {
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/a';
  expect(placeOf(abroad)).toEqual({ region: 'eu-west-1', account: '000000000000' });
  expect(placeOf('visits')).toBeUndefined();
  expect(unreachableFunction('visits:live', table)).toBeUndefined();
  expect(unreachableFunction('arn:aws:lambda:us-east-1:000000000000:function:visits', table)).toBeUndefined();
  expect(unreachableStream('visits', table)).toBeUndefined();
  expect(unreachableStream(streamIn('us-east-1:000000000000'), table)).toBeUndefined();
});

describe.each([
  [abroad, ABROAD],
  [foreign, FOREIGN],
])('the function %s', (name, message) => {
  const config = withConsumers({ consumers: [name] });

  it('is held with cause and cure, and Lambda is not asked', async () => {
    const world = await rotated(withConsumers({ consumers: [], settings: { periodsAhead: 3 } }));
    const calls = asked(world);
    const ahead = withConsumers({ consumers: [name], settings: { periodsAhead: 3 } });
    const holds = await holdsOf(world, ahead);
    expect(sayHolds(holds).sort()).toEqual([
      `attach-consumer ${TODAY} consumer-missing!`,
      `attach-consumer ${TOMORROW} consumer-missing!`,
      'attach-consumer production.Events.20261123 consumer-missing',
      'attach-consumer production.Events.20261124 consumer-missing',
    ]);
    for (const hold of holds) expect(hold.message).toContain(message);
    expect((await run('rotate', ahead, world)).outcome).toBe('failed');
    expect(await wanted('purge', config, world)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('is held of a table that the run creates, if another table is known', async () => {
    const world = await rotated(withConsumers({ consumers: [] }));
    world.clock.moveTo(NOON + DAY);
    const calls = asked(world);
    const summary = await run('rotate', config, world);
    expect(sayResults(summary).filter((line) => /create|attach/.test(line))).toEqual([
      'create production.Events.20261123: applied',
    ]);
    expect(sayHolds(summary.holds)).toContain('attach-consumer production.Events.20261123 consumer-missing!');
    expect(calls).toEqual([]);
  });

  it('fails before a call of Lambda, if the run creates the first tables of an account', async () => {
    const world = new World(NOON);
    const calls = asked(world);
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('failed');
    expect(sayResults(summary)).toEqual([
      `create ${TODAY}: applied`,
      `create ${TOMORROW}: applied`,
      `attach-consumer ${TODAY}: failed`,
      `attach-consumer ${TOMORROW}: failed`,
    ]);
    expect(summary.results[2]?.error).toContain(message);
    expect(calls).toEqual([]);
  });
});

describe.each([
  ['eu-west-1:000000000000', 'is in eu-west-1, and not in us-east-1 like the tables.'],
  [
    'us-east-1:111111111111',
    'belongs to account 111111111111, and not to account 000000000000 like the tables.',
  ],
])('a Kinesis data stream in %s', (place, why) => {
  const stream = streamIn(place);
  const options = { consumers: [], properties: {} };
  const config = withConsumers({ ...options, destination: { stream } });
  const message = `The Kinesis data stream ${stream} ${why} DynamoDB sends changes only to a data stream in the account and Region of the table. Correct KinesisStreamDestination.`;

  it('is held with cause and cure, also of a table that the run creates', async () => {
    const world = await rotated(withConsumers(options));
    world.clock.moveTo(NOON + DAY);
    const calls = asked(world);
    const { outcome, holds } = await run('rotate', config, world);
    expect(outcome).toBe('failed');
    const own = holds.filter(({ kind }) => kind === 'enable-destination');
    expect(own.map((hold) => [hold.table, hold.urgent, hold.message]).sort()).toEqual([
      [TOMORROW, true, message],
      ['production.Events.20261123', true, message],
    ]);
    expect(calls).toEqual([]);
  });

  it('fails before a call of DynamoDB, if the run creates the first tables of an account', async () => {
    const world = new World(NOON);
    const calls = asked(world);
    const { results } = await run('rotate', config, world);
    expect(results.filter(({ action }) => action.kind === 'enable-destination')).toMatchObject([
      { outcome: 'failed', error: expect.stringContaining(message) },
      { outcome: 'failed' },
    ]);
    expect(calls).toEqual([]);
  });
});
