import { ask, unmanaged } from '../ask.ts';
import type { StreamDestination, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import type { KinesisDestination } from '../spec.ts';
import { kinesisArn, unreachableStream } from '../streams.ts';
import { isOverdue, sayUndelivered, undelivered, undeliveredSince } from './delivery.ts';
import { isNear } from './urgency.ts';

/** Sends the changes of a new table to the Kinesis data stream of its spec, as soon as the table is ACTIVE. */
export function destinationOfNewTable(observed: Observed, table: Table, now: number): Outcome {
  const { destination } = table.spec;
  if (!destination) return nothing;
  const { tableArn } = observed;
  const why = tableArn === undefined ? undefined : unreachableStream(destination.stream, tableArn);
  return why === undefined
    ? enabling(destination, 'The spec sends changes of the table to')
    : holding(missing(table, why, now));
}

/**
 * Sends the changes of a table to the Kinesis data stream of its spec, if it sends them to none. A table has one such stream at
 * a time. What a person has disabled stays as it is.
 */
export function destinationChange(
  observed: Observed,
  table: Table,
  { arn }: TableState,
  now: number,
): Outcome {
  const { destination } = table.spec;
  if (!destination) return nothing;
  const unreachable = unreachableStream(destination.stream, arn);
  if (unreachable !== undefined) return holding(missing(table, unreachable, now));
  const asked = ask(observed, table, 'destinations');
  if ('pending' in asked) return asked.pending;
  const wanted = kinesisArn(destination.stream, arn);
  const own = asked.value.find(({ stream }) => stream === wanted);
  const other = asked.value.find((one) => one.stream !== wanted && !isOff(one));
  if (other) {
    const message = `The table sends its changes to ${other.stream} (${other.status}), but the spec says ${destination.stream}. A table has one Kinesis data stream. Disable the other one by hand, and rotate enables it.`;
    return holding(missing(table, message, now));
  }
  const act = (why: string): Outcome =>
    unmanaged(observed, table, 'enable-destination', isNear(table, now)) ?? enabling(destination, why);
  return own
    ? existing({ observed, table, own, destination, now }, act)
    : act('The spec sends changes of the table to');
}

interface Sending {
  readonly observed: Observed;
  readonly table: Table;
  readonly own: StreamDestination;
  readonly destination: KinesisDestination;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_KinesisDataStreamDestination.html */
function existing(
  { observed, table, own, destination, now }: Sending,
  act: (why: string) => Outcome,
): Outcome {
  const { status } = own;
  const reader = { kind: 'Kinesis', name: destination.stream, status } as const;
  const since = undeliveredSince(observed, table.name, reader, now);
  const what = `The Kinesis data stream ${destination.stream} is ${status} for this table${sayUndelivered(since, now)}`;
  const lacking = (hold: HoldBody): Outcome => holding(undelivered(hold, since, table, now));
  switch (status) {
    case 'ACTIVE':
      return precisionDiffers(own, destination);
    case 'UPDATING':
    case 'ENABLING':
      // Each of these usually takes seconds.
      if (!isOverdue(since, table, now)) return precisionDiffers(own, destination);
      return lacking(missing(table, `${what}.${said(own)} If it stays so, ask AWS Support.`, now));
    case 'ENABLE_FAILED':
      return combined(
        act('DynamoDB could not begin to send changes of the table to'),
        lacking(missing(table, `${what}.${said(own)} Rotate tries again.`, now)),
      );
    case 'DISABLED':
      return lacking({
        kind: 'enable-destination',
        reason: 'consumer-disabled',
        message: `${what}, so it gets no changes.${said(own)} A person disabled it, or DynamoDB because it was unreachable for a week. To send changes again, enable it by hand. If not, remove KinesisStreamDestination.`,
      });
    default:
      return lacking(missing(table, `${what}.${said(own)}`, now));
  }
}

const missing = (table: Table, message: string, now: number): HoldBody => ({
  kind: 'enable-destination',
  reason: 'consumer-missing',
  message,
  ...(isNear(table, now) && { urgent: true }),
});

/** Statuses in which a table can have another data stream. */
const isOff = ({ status }: StreamDestination): boolean => status === 'DISABLED' || status === 'ENABLE_FAILED';

const said = ({ description }: StreamDestination): string =>
  description ? ` DynamoDB says: ${description}` : '';

const enabling = ({ stream, precision }: KinesisDestination, why: string): Outcome =>
  acting({
    kind: 'enable-destination',
    reason: 'settings-differ',
    message: `${why} the Kinesis data stream ${stream}.`,
    stream,
    ...(precision && { precision }),
  });

function precisionDiffers(own: StreamDestination, { precision }: KinesisDestination): Outcome {
  if (precision === undefined || own.precision === undefined || own.precision === precision) return nothing;
  const message = `The timestamps for the Kinesis data stream have the precision ${own.precision}, but the spec says ${precision}. Change it by hand.`;
  return holding({ kind: 'enable-destination', reason: 'settings-differ', message });
}
