/** Replicas of tables in other regions: what AWS requires of them, and which ones a spec names. */
import { DAY_MS } from './calendar/period.ts';
import type { Replica, TableState } from './facts.ts';
import type { ReplicaSpec, Spec } from './spec.ts';
import { placeOf } from './streams.ts';

/**
 * DynamoDB does not delete a table for this long after it was the source of a new replica:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export const SOURCE_MS = DAY_MS;

/** The stream that DynamoDB replicates from: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
export const REPLICATED_VIEW = 'NEW_AND_OLD_IMAGES';

/** The replicas of a table that its spec names. */
export const namedReplicas = (
  { replicas: named }: Pick<Spec, 'replicas'>,
  { replicas = [] }: Pick<TableState, 'replicas'>,
): Replica[] => replicas.filter(({ region }) => named.some((one) => one.region === region));

/** The replicas of a table that its spec does not name. A person or another tool has made them, or the spec has changed. */
export const unnamedReplicas = (
  { replicas: named }: Pick<Spec, 'replicas'>,
  { replicas = [] }: Pick<TableState, 'replicas'>,
): Replica[] => replicas.filter(({ region }) => !named.some((one) => one.region === region));

/** The replicas of a spec that a table does not have, in the order in which rotate adds them. */
export const missingReplicas = (
  { replicas: named }: Pick<Spec, 'replicas'>,
  { replicas = [] }: Pick<TableState, 'replicas'>,
): ReplicaSpec[] => named.filter(({ region }) => !replicas.some((one) => one.region === region));

/**
 * Why a table is left to another Region: the spec names its own Region, and the table has a replica that the spec does not name, which
 * is the table itself. undefined for a table in its own Region. A deployment fails if its Region is one of Replicas.
 */
export function replicaHere(spec: Pick<Spec, 'replicas'>, state: TableState): string | undefined {
  const region = namedRegionOf(spec, state.arn);
  const sources = unnamedReplicas(spec, state).map((one) => one.region);
  if (region === undefined || sources.length === 0) return undefined;
  return `Replicas names ${region}, so the table is a replica of the table in ${sources.join(', ')}. Rotate and purge of that Region manage the replica. From ${region}, Turntable creates, changes and deletes nothing in this group. ${cureOf(region)}`;
}

/** How the replicas of a table differ from its spec. Rotate adds those that are missing. */
export function globalDifference(spec: Pick<Spec, 'replicas'>, state: TableState): string[] {
  const elsewhere = replicaHere(spec, state);
  if (elsewhere !== undefined) return [elsewhere];
  const unnamed = unnamedReplicas(spec, state).map(({ region }) => region);
  if (unnamed.length > 0)
    return [`The table has a replica in ${unnamed.join(', ')}, which Replicas of the spec does not name.`];
  return state.global && spec.replicas.length === 0
    ? ['The table is a global table, but the spec has no Replicas.']
    : [];
}

/** Why a table cannot have a replica in a region, by the ARN of a table; undefined if nothing is known against it. */
export const unreachableReplica = (region: string, tableArn: string): string | undefined =>
  placeOf(tableArn)?.region === region
    ? `Replicas names ${region}, which is the Region of the table. ${cureOf(region)}`
    : undefined;

/** The same for all replicas of a spec. */
export function namesOwnRegion(spec: Pick<Spec, 'replicas'>, tableArn: string): string | undefined {
  const region = namedRegionOf(spec, tableArn);
  return region === undefined ? undefined : unreachableReplica(region, tableArn);
}

/** The Region of a table, if the spec names it. */
const namedRegionOf = ({ replicas }: Pick<Spec, 'replicas'>, tableArn: string): string | undefined =>
  replicas.find(({ region }) => region === placeOf(tableArn)?.region)?.region;

/** The spec alone does not say which Region is that of the tables. Neither way deletes anything. */
const cureOf = (region: string): string =>
  `If the tables of the group belong in ${region}, remove it from Replicas. If not, run rotate and purge only in the Region where they belong.`;

/** Why DynamoDB adds no replica to a table as it is, with the cure; undefined if nothing is known against it. */
export function unreplicable({ billingMode, schema }: TableState): string | undefined {
  if (billingMode === 'PROVISIONED')
    return 'The table is provisioned. DynamoDB replicates a table only if its write capacity is on-demand or scaled by Application Auto Scaling, which Turntable does not use. Switch the table to on-demand by hand, and rotate adds the replica.';
  const { StreamEnabled, StreamViewType } = schema.StreamSpecification ?? {};
  if (StreamEnabled && StreamViewType === REPLICATED_VIEW) return undefined;
  return `DynamoDB replicates a table by its stream, which must have ${REPLICATED_VIEW}, but the table has ${StreamEnabled ? `a stream of ${StreamViewType}` : 'no stream'}. Change the stream by hand, and rotate adds the replica.`;
}
