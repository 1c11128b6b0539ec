/** Kinesis data streams of tables. Only their states are kept: no change is sent. A data stream exists unless it is `absent`. */
import type { Json } from './engine.ts';
import { inUse, notFound, validation } from './failure.ts';
import type { Operations, Region } from './region.ts';
import type { Destination } from './settings.ts';
import type { Table } from './table.ts';
import { ACCOUNT, tableNameOf } from './wire.ts';

const STREAM = /^arn:[\w-]+:kinesis:([\w-]+):(\d{12}):stream\/[\w.-]+$/;

const settled = { ENABLING: 'ACTIVE', UPDATING: 'ACTIVE', DISABLING: 'DISABLED' } as const;

export function destinationOperations(region: Region): Operations {
  const statusOf = (one: Destination): string =>
    region.elapsed() < one.endsAt ? one.status : settled[one.status];
  const put = (table: Table, one: Omit<Destination, 'endsAt'>): Json => {
    const others = (table.settings.destinations ?? []).filter(({ stream }) => stream !== one.stream);
    const put = { ...one, endsAt: region.elapsed() + region.updateTableMs };
    table.settings.destinations = [...others, put];
    return { TableName: table.name, StreamArn: one.stream, DestinationStatus: one.status };
  };
  const active = (input: Json): { table: Table; stream: string; all: readonly Destination[] } => {
    const table = region.tables.get(tableNameOf(input));
    if (table.change?.status === 'CREATING' || table.change?.status === 'DELETING' || table.impaired)
      throw inUse(`Table is not active: ${table.name}`);
    const stream = String(input.StreamArn ?? '');
    const [, streamRegion, account] = STREAM.exec(stream) ?? [];
    if (streamRegion === undefined) throw validation(`Invalid StreamArn: ${stream}`);
    // DynamoDB's own words are not documented.
    if (streamRegion !== region.name || account !== ACCOUNT)
      throw validation(
        `Invalid StreamArn: ${stream}. The stream must be in the same account and region as the table.`,
      );
    return { table, stream, all: table.settings.destinations ?? [] };
  };
  const rejectUnless = (valid: boolean, operation: string): void => {
    if (valid) return;
    throw validation(
      `Table is not in a valid state to perform ${operation} of the Kinesis streaming destination.`,
    );
  };
  const precisionIn = (input: Json, key: string): string => {
    const { ApproximateCreationDateTimePrecision: precision = 'MILLISECOND' } = (input[key] ?? {}) as Json;
    if (precision !== 'MILLISECOND' && precision !== 'MICROSECOND')
      throw validation(`Invalid ApproximateCreationDateTimePrecision: ${precision}`);
    return precision;
  };
  return {
    EnableKinesisStreamingDestination: (input) => {
      const { table, stream, all } = active(input);
      const precision = precisionIn(input, 'EnableKinesisStreamingConfiguration');
      if (region.absent.has(stream))
        throw notFound(`Requested resource not found: Stream: ${stream} not found`);
      rejectUnless(
        all.every((one) => statusOf(one) === 'DISABLED'),
        'ENABLE',
      );
      return put(table, { stream, precision, status: 'ENABLING' });
    },
    DisableKinesisStreamingDestination: (input) => {
      const { table, stream, all } = active(input);
      const own = all.find((one) => one.stream === stream);
      rejectUnless(own !== undefined && statusOf(own) === 'ACTIVE', 'DISABLE');
      return put(table, { ...own!, status: 'DISABLING' });
    },
    UpdateKinesisStreamingDestination: (input) => {
      const { table, stream, all } = active(input);
      const precision = precisionIn(input, 'UpdateKinesisStreamingConfiguration');
      const own = all.find((one) => one.stream === stream);
      rejectUnless(own !== undefined && statusOf(own) === 'ACTIVE' && own.precision !== precision, 'UPDATE');
      return put(table, { stream, precision, status: 'UPDATING' });
    },
    DescribeKinesisStreamingDestination: (input) => {
      const table = region.tables.get(tableNameOf(input));
      const all = (table.settings.destinations ?? []).map((one) => ({
        StreamArn: one.stream,
        DestinationStatus: statusOf(one),
        ApproximateCreationDateTimePrecision: one.precision,
      }));
      return { TableName: table.name, KinesisDataStreamDestinations: all };
    },
  };
}
