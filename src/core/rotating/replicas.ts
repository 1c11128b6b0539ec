/** Adds the replicas of a spec to its tables, and says why it cannot. */
import { ask, askClosing, unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import { GB } from '../cost.ts';
import type { Replica, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import type { Prices } from '../prices.ts';
import {
  missingReplicas,
  namedReplicas,
  namesOwnRegion,
  unnamedReplicas,
  unreplicable,
} from '../replicas.ts';
import type { ReplicaSpec } from '../spec.ts';
import { traitsOf } from '../table-status.ts';
import { busy } from '../throughput.ts';
import { isNear } from './urgency.ts';

/** A table that can have replicas, and what decisions about them use. */
export interface Replicated {
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  readonly prices: Prices;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Adds the first replica of a new table as soon as the table is ACTIVE and has its settings. Later runs add the others. */
export function replicaOfNewTable(observed: Observed, table: Table, prices: Prices, now: number): Outcome {
  const [first] = table.spec.replicas;
  if (!first) return nothing;
  const { tableArn } = observed;
  const why = tableArn === undefined ? undefined : namesOwnRegion(table.spec, tableArn);
  const { TableClass: tableClass = 'STANDARD' } = table.spec.properties;
  return why === undefined ? adding(first, { sizeBytes: 0, tableClass }, prices) : missing(table, why, now);
}

/**
 * Adds the next replica that a current or upcoming table lacks. DynamoDB keeps the table UPDATING until the replica is ACTIVE, and
 * accepts one replica at a time. Replicas that the spec does not name stay as they are.
 */
export function replicasChange(replicated: Replicated): Outcome {
  const { table, state } = replicated;
  const unnamed = unnamedReplicas(table.spec, state);
  return combined(
    unnamed.length > 0 ? holding(sayUnnamed(unnamed)) : nothing,
    ...namedReplicas(table.spec, state).map((replica) => slow(replicated, replica)),
    addition(replicated),
  );
}

function addition({ observed, table, state, prices, now }: Replicated): Outcome {
  const { spec } = table;
  const [next] = missingReplicas(spec, state);
  if (!next) return nothing;
  const why = namesOwnRegion(spec, state.arn) ?? unreplicable(state);
  if (why !== undefined) return missing(table, why, now);
  // A table that is changing becomes ACTIVE by itself, or another hold says that it stays busy.
  if (state.status !== 'ACTIVE') return nothing;
  const closing = askClosing(observed, spec, now);
  if ('pending' in closing) return closing.pending;
  if (closing.value) return nothing;
  const foreign = unmanaged(observed, table, 'add-replica', isNear(table, now));
  if (foreign) return foreign;
  const obstacle = busy(state) ?? changing(state);
  if (obstacle !== undefined)
    return holding({ kind: 'add-replica', reason: 'table-busy', message: obstacle });
  return adding(next, state, prices);
}

/** A replica that DynamoDB still creates or deletes, in words. The table is ACTIVE again only after that. */
function changing({ replicas = [] }: TableState): string | undefined {
  const other = replicas.find(({ status }) => status !== 'ACTIVE' && traitsOf(status).passes);
  return other && `The replica in ${other.region} is ${other.status}. One replica changes at a time.`;
}

/** DynamoDB creates the replica of an empty table within minutes. That of a table with items takes as long as copying them. */
const CREATES_MS = HOUR_MS;

/** The hold for a replica that stays CREATING. Its own description says since when. Other statuses that last are held elsewhere. */
function slow({ observed, table, now }: Replicated, { region, status }: Replica): Outcome {
  if (status !== 'CREATING') return nothing;
  const described = ask(observed, table, 'description', region);
  if ('pending' in described) return described.pending;
  const since = described.value?.createdAt ?? now;
  if (now - since < CREATES_MS) return nothing;
  const message = `The replica in ${region} has been CREATING since ${sayInstant(since)}. DynamoDB copies the items of the table first. If it lasts for hours, ask AWS Support.`;
  return missing(table, message, now);
}

const missing = (table: Table, message: string, now: number): Outcome =>
  holding({
    kind: 'add-replica',
    reason: 'replica-missing',
    message,
    ...(isNear(table, now) && { urgent: true }),
  });

const sayUnnamed = (unnamed: readonly Replica[]): HoldBody => {
  const regions = unnamed.map(({ region }) => region).join(', ');
  return {
    kind: 'add-replica',
    reason: 'replica-unmanaged',
    message: `The table has a replica in ${regions}, which Replicas of the spec does not name. Turntable leaves it alone, and purge does not delete the table while it has it. Delete the replica by hand, or add it to Replicas.`,
  };
};

function adding(
  { region, input }: ReplicaSpec,
  { sizeBytes, tableClass }: Pick<TableState, 'sizeBytes' | 'tableClass'>,
  { onDemandMillion, storageMonth, throughputFactor, backup }: Prices,
): Outcome {
  const own = input.TableClassOverride ?? tableClass;
  const gigabytes = sizeBytes / GB;
  const usd = (amount: number): string => `USD ${amount.toFixed(2)}`;
  const stored = storageMonth[own];
  const million = Number((onDemandMillion.write * throughputFactor[own]).toPrecision(3));
  const copy =
    gigabytes * stored < 0.01
      ? ''
      : ` Copying ${gigabytes.toFixed(1)} GB costs about ${usd(gigabytes * backup.restore)} once, and storing it ${usd(gigabytes * stored)} per month.`;
  return acting({
    kind: 'add-replica',
    reason: 'replica-missing',
    message: `The spec has a replica in ${region}.${copy} Each million writes costs USD ${million} more there.`,
    region,
    input: { ...input },
  });
}
