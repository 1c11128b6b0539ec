import { ask, unmanaged } from '../ask.ts';
import type { StreamDestination, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import type { KinesisDestination } from '../spec.ts';
import { kinesisArn } from '../streams.ts';
import { isNear } from './urgency.ts';

/** Sends the changes of a new table to the Kinesis data stream of its spec, as soon as the table is ACTIVE. */
export const destinationOfNewTable = ({ spec }: Table): Outcome =>
  spec.destination ? enabling(spec.destination, 'The spec sends changes of the table to') : nothing;

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
  const asked = ask(observed, table, 'destinations');
  if ('pending' in asked) return asked.pending;
  const wanted = kinesisArn(destination.stream, arn);
  const own = asked.value.find(({ stream }) => stream === wanted);
  const other = asked.value.find((one) => one.stream !== wanted && !isOff(one));
  const held = (reason: HoldBody['reason'], message: string, urgent: boolean): Outcome =>
    holding({ kind: 'enable-destination', reason, message, ...(urgent && { urgent }) });
  const near = isNear(table, now);
  if (other)
    return held(
      'consumer-missing',
      `The table sends its changes to ${other.stream} (${other.status}), but the spec says ${destination.stream}. A table has one Kinesis data stream. Disable the other one by hand, and rotate enables it.`,
      near,
    );
  const act = (why: string): Outcome =>
    unmanaged(observed, table, 'enable-destination', near) ?? enabling(destination, why);
  if (!own) return act('The spec sends changes of the table to');
  switch (own.status) {
    case 'ACTIVE':
    case 'UPDATING':
    case 'ENABLING':
      return precisionDiffers(own, destination, held);
    case 'ENABLE_FAILED':
      return combined(
        act('DynamoDB could not begin to send changes of the table to'),
        held(
          'consumer-missing',
          `The Kinesis data stream destination is ENABLE_FAILED.${said(own)} Rotate tries again.`,
          near,
        ),
      );
    case 'DISABLED':
      return held(
        'consumer-disabled',
        `The Kinesis data stream ${destination.stream} is DISABLED for this table, so it gets no changes.${said(own)} A person disabled it, or DynamoDB because it was unreachable for a week. To send changes again, enable it by hand.`,
        false,
      );
    default:
      return held(
        'consumer-missing',
        `The Kinesis data stream ${destination.stream} is ${own.status} for this table.${said(own)}`,
        near,
      );
  }
}

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

function precisionDiffers(
  own: StreamDestination,
  { precision }: KinesisDestination,
  held: (reason: HoldBody['reason'], message: string, urgent: boolean) => Outcome,
): Outcome {
  if (precision === undefined || own.precision === undefined || own.precision === precision) return nothing;
  const message = `The timestamps for the Kinesis data stream have the precision ${own.precision}, but the spec says ${precision}. Change it by hand.`;
  return held('settings-differ', message, false);
}
