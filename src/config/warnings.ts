import { dimensions } from '../core/capacity/demand.ts';
import { TABLE_QUOTA } from '../core/capacity/quota.ts';
import { expiring, expiringOfAll, roomFor } from '../core/purging/expiring.ts';
import type { Config, Spec } from '../core/spec.ts';

/**
 * What is valid in a configuration but probably not intended, each as a sentence that names the environment. `region`: the one that
 * commands use, if it is known without AWS. The files do not say in which Region the tables are.
 */
export function warningsOf({ environment, specs, settings, unlisted }: Config, region?: string): string[] {
  const { maxPerRun = Infinity } = settings.purge;
  const all = expiringOfAll({ specs });
  const tight = (setting: string, most: number, count: number, what: string): string =>
    `${environment}: ${setting} is ${most}, but up to ${count} ${what} expire in a day, or in a longer waiting period. Purge would never catch up. Set it to at least ${roomFor(count)}, or remove it.`;
  const ofRun = maxPerRun < all ? [tight('Purge.MaxPerRun', maxPerRun, all, 'tables')] : [];
  const ofGroups = specs.flatMap((spec) => {
    const { maxPerGroup = Infinity } = spec.settings.purge;
    const count = expiring(spec);
    return maxPerGroup < count
      ? [tight('Purge.MaxPerGroup', maxPerGroup, count, `tables of ${spec.name}`)]
      : [];
  });
  return [
    ...mistyped(environment, unlisted),
    ...ofRun,
    ...ofGroups,
    ...specs.flatMap((spec) => disputed(environment, spec)),
    ...specs.flatMap((spec) => crowded(environment, spec)),
    ...specs.flatMap((spec) => atHome(environment, spec, region)),
  ];
}

function mistyped(environment: string, unlisted: Config['unlisted']): string[] {
  if (unlisted?.similarTo === undefined) return [];
  return [
    `${environment}: settings.json does not list this environment. Did you mean ${unlisted.similarTo}? Rotate creates nothing in it. If the name is correct, add it to Environments in settings.json.`,
  ];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: more readers of a shard are throttled. */
const STREAM_READERS = 2;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: DynamoDB itself reads the stream of a global table. */
const GLOBAL_STREAM_READERS = 1;

function crowded(environment: string, { name, consumers, replicas }: Spec): string[] {
  const most = replicas.length > 0 ? GLOBAL_STREAM_READERS : STREAM_READERS;
  if (consumers.length <= most) return [];
  const of = replicas.length > 0 ? 'reader of the stream of a table with Replicas' : 'readers of a stream';
  return [
    `${environment}: ${name} has ${consumers.length} Consumers. DynamoDB allows ${most} ${of} and throttles more. Use one function that passes changes on, or KinesisStreamDestination.`,
  ];
}

const atHome = (environment: string, { name, replicas }: Spec, region: string | undefined): string[] =>
  replicas.some((replica) => replica.region === region)
    ? [
        `${environment}: Replicas of ${name} names ${region}, which is AWS_REGION. If the tables of the group belong there, remove ${region} from Replicas, because rotate adds no replica and fails.`,
      ]
    : [];

/** One page of AWS allows this many for an index, and another page allows 100 for all indexes of a table. */
const PROJECTED_PER_INDEX = 20;

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-secondary-indexes
 * The page of CreateTable says at most 20, and the page of quotas calls 20 a default that AWS raises.
 */
const DEFAULT_GLOBAL_INDEXES = 20;

/** Rules on which AWS's own pages disagree. DynamoDB has the last word. */
function disputed(environment: string, { name, properties, resources }: Spec): string[] {
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = properties;
  const wide = [...global, ...local].flatMap(({ IndexName, Projection }) => {
    const count = Projection.NonKeyAttributes?.length ?? 0;
    if (count <= PROJECTED_PER_INDEX) return [];
    return `${environment}: the index ${IndexName} of ${name} has ${count} NonKeyAttributes. One page of AWS allows ${PROJECTED_PER_INDEX} per index, and another page allows 100 in all indexes of a table. If DynamoDB rejects the table, rotate fails.`;
  });
  const large = dimensions.flatMap((dimension) => {
    const all = resources.map(({ full }) => full[dimension]);
    const sum = all.reduce((one, other) => one + other, 0);
    if (sum <= TABLE_QUOTA || all.some((units) => units > TABLE_QUOTA)) return [];
    return `${environment}: ${name} provisions ${sum} ${dimension}s in its table and indexes together. The default quota of a table is ${TABLE_QUOTA}, and AWS's pages disagree whether it counts the indexes. If DynamoDB rejects the table, rotate fails.`;
  });
  const many =
    global.length > DEFAULT_GLOBAL_INDEXES
      ? [
          `${environment}: ${name} has ${global.length} GlobalSecondaryIndexes. The default quota of a table is ${DEFAULT_GLOBAL_INDEXES}. If DynamoDB rejects the table, rotate fails. Request an increase in Service Quotas.`,
        ]
      : [];
  return [...wide, ...large, ...many];
}
