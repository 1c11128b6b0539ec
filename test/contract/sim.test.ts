import { World } from '../support/sim/world.ts';
import { at } from '../support/specs.ts';
import { portsContract, TAG_READS_PER_SECOND } from './ports.ts';

portsContract('the ports over the simulator', async () => {
  const world = new World(at('2026-11-21T12:00'));
  world.rates.tagReads.perSecond = TAG_READS_PER_SECOND;
  const topic = world.openTopic();
  return {
    put: async (table, key, value) => {
      world.table(table).items.set(JSON.stringify({ Key: key }), JSON.stringify({ Key: key, value }));
    },
    ports: {
      ...world.ports(),
      notices: topic,
      mappings: world.lambda,
      archive: world.exports.store(() => world.clock.now()),
      loads: world.ports().loads!,
    },
    fill: async (table, keys) => {
      world.table(table).itemCount = keys.length;
    },
    failExports: (failure) => {
      world.exports.failure = failure && `${failure.code}: ${failure.message}`;
    },
    limitExports: (atOnce) => {
      world.exports.atOnce = atOnce;
    },
    absent: world.absent,
    unreachable: world.unreachable,
    failing: world.failing,
    disableMapping: async (id) => world.lambda.enable(id, false),
    disableDestination: async (table, stream) =>
      world.table(table).destinations.disable(stream, world.clock.now()),
    inPagesOf: (_, work) => work(),
    published: () => topic.published,
    now: () => world.clock.now(),
    pass: (durationMs) => world.clock.sleep(durationMs),
    record: ({ minute, sum, ...query }) => world.metrics.add(query, minute, sum),
    addIndex: async (table, index, throughput) => world.addIndex(table, index, throughput),
    dropIndex: async (table, index) => world.dropIndex(table, index),
    impair: (table, status) => world.table(table).impair(status),
    delay: ({ describe, tags, list }) => {
      const lateMs = (late = false) => (late ? 55_000 : 0);
      Object.assign(world.lateness, {
        describeMs: lateMs(describe),
        tagsMs: lateMs(tags),
        listMs: lateMs(list),
      });
    },
    limitChanges: ({ all = 500, creatingWithIndexes = 250 }) => {
      world.changingAtOnce = all;
      world.creatingWithIndexesAtOnce = creatingWithIndexes;
    },
    limitCalls: ({ control = Infinity, tagWrites = Infinity }) => {
      world.rates.controlCalls.perSecond = control;
      world.rates.tagWrites.perSecond = tagWrites;
    },
    breakMetrics: (broken) => {
      world.metrics.broken = () => broken;
    },
    close: async () => {},
  };
});
