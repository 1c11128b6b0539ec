import { isFailure, ServiceError, Superseded } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';
import { kinesisArn, unreachableFunction, unreachableStream } from '../core/streams.ts';
import type { MappingClient, Ports } from '../ports.ts';
import { activeTable } from './active.ts';

type Attach = Extract<Action, { kind: 'attach-consumer' }>;
type Enable = Extract<Action, { kind: 'enable-destination' }>;
type Detach = Extract<Action, { kind: 'detach-consumer' }>;

function clientOf({ mappings }: Ports): MappingClient {
  if (mappings) return mappings;
  throw new ServiceError('refused', 'This job has no client of Lambda.');
}

/** The first table of an account shows its Region only after it is created. */
function rejectElsewhere(why: string | undefined): void {
  if (why !== undefined) throw new ServiceError('refused', why);
}

/**
 * Creates an event source mapping of the table's present stream. If another run has created it meanwhile, or an earlier try
 * whose answer was lost, nothing is left to do.
 * @throws ServiceError, `in-use` if waiting helps
 */
export async function attachConsumer(action: Attach, ports: Ports): Promise<void> {
  const mappings = clientOf(ports);
  const { arn, stream } = await activeTable(action.table, ports);
  rejectElsewhere(unreachableFunction(action.function, arn));
  if (stream === undefined) throw new ServiceError('refused', `${action.table} has no stream.`);
  try {
    await mappings.create(action.function, stream, action.settings);
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    const all = await mappings.list(action.function);
    const existing = all?.find(({ source }) => source === stream);
    if (!existing || existing.state === 'Deleting') throw error;
  }
}

/**
 * Begins to send changes of the table to a Kinesis data stream, unless an earlier try without an answer, or another run, has.
 * @throws ServiceError, `in-use` if waiting helps
 */
export async function enableDestination(action: Enable, ports: Ports): Promise<void> {
  const { tables } = ports;
  const { arn } = await activeTable(action.table, ports);
  rejectElsewhere(unreachableStream(action.stream, arn));
  const stream = kinesisArn(action.stream, arn);
  try {
    await tables.enableDestination(action.table, stream, action.precision);
  } catch (error) {
    // The table is ACTIVE, so the data stream was not found, and another try cannot succeed.
    if (isFailure(error, 'not-found')) throw new ServiceError('refused', error.message, { cause: error });
    if (!isFailure(error, 'refused') && !isFailure(error, 'in-use')) throw error;
    const own = (await tables.destinations(action.table)).find((one) => one.stream === stream);
    if (own?.status !== 'ENABLING' && own?.status !== 'ACTIVE') throw error;
  }
}

/**
 * Deletes exactly the planned event source mapping, if the table that has its stream is gone, or DynamoDB is deleting it.
 * @throws ServiceError, `in-use` while the table exists, and Superseded if the mapping has another stream
 */
export async function detachConsumer(action: Detach, ports: Ports): Promise<void> {
  const mappings = clientOf(ports);
  const mapping = await mappings.describe(action.mapping);
  if (!mapping || mapping.state === 'Deleting') return;
  if (mapping.source !== action.stream)
    throw new Superseded('The event source mapping has another stream than when it was planned.');
  const existing = await ports.tables.describe(action.table);
  if (existing?.stream === action.stream && existing.status !== 'DELETING')
    throw new ServiceError(
      'in-use',
      `${action.table} is not deleted yet, so its event source mapping stays.`,
    );
  await mappings.remove(action.mapping).catch((error: unknown) => {
    if (!isFailure(error, 'not-found')) throw error;
  });
}
