/**
 * Lambda's event source mappings of DynamoDB streams. Only their states are kept: no function runs. A function exists unless
 * it is `absent`. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import { checkStream, functionArnOf } from './lambda-names.ts';
import type { Mapping } from './mapping.ts';
import type { Operations, Region } from './region.ts';
import { seconds } from './wire.ts';

const MAPPINGS_PER_PAGE = 100;

/** The settings of a mapping of a DynamoDB stream: the default, the smallest and the largest value. */
const numbers: Readonly<Record<string, readonly [number, number, number]>> = {
  BatchSize: [100, 1, 10_000],
  MaximumBatchingWindowInSeconds: [0, 0, 300],
  MaximumRecordAgeInSeconds: [-1, -1, 604_800],
  MaximumRetryAttempts: [-1, -1, 10_000],
  ParallelizationFactor: [1, 1, 10],
  TumblingWindowInSeconds: [0, 0, 900],
};

const others: Readonly<Record<string, unknown>> = {
  BisectBatchOnFunctionError: false,
  DestinationConfig: { OnFailure: {} },
  FilterCriteria: undefined,
  FunctionResponseTypes: [],
  KMSKeyArn: undefined,
  MetricsConfig: undefined,
};

const error = (type: string, status: number, message: string): AwsError =>
  new AwsError(type, message, status);
const invalid = (message: string): AwsError => error('InvalidParameterValueException', 400, message);
const inUse = (): AwsError =>
  error('ResourceInUseException', 400, 'Cannot update the event source mapping because it is in use.');

export function lambdaOperations(region: Region): Operations {
  const { mappings } = region;
  const isChanging = ({ endsAt }: Mapping): boolean => region.elapsed() < endsAt;
  const settle = (): void => {
    for (const [id, mapping] of mappings)
      if (mapping.after === undefined && !isChanging(mapping)) mappings.delete(id);
  };
  const describe = (mapping: Mapping): Json => ({
    UUID: mapping.id,
    FunctionArn: mapping.functionArn,
    EventSourceArn: mapping.source,
    State: isChanging(mapping) ? mapping.during : mapping.after,
    StateTransitionReason: 'User action',
    LastModified: seconds(mapping.changedAt),
    LastProcessingResult: 'No records processed',
    ...mapping.settings,
  });
  const get = ({ UUID }: Json): Mapping => {
    settle();
    const mapping = mappings.get(String(UUID));
    if (!mapping) throw error('ResourceNotFoundException', 404, 'The resource you requested does not exist.');
    return mapping;
  };
  const change = (mapping: Mapping, during: string, after: string | undefined): Json => {
    if (isChanging(mapping)) throw inUse();
    const endsAt = region.elapsed() + region.updateTableMs;
    Object.assign(mapping, { during, after, endsAt, changedAt: region.now() });
    return describe(mapping);
  };
  return {
    CreateEventSourceMapping: (input) => {
      settle();
      const functionArn = functionArnOf(region, input, 'CreateEventSourceMapping');
      const source = String(input.EventSourceArn ?? '');
      const settings = { StartingPosition: startingPosition(input), ...settingsIn(input, {}) };
      checkStream(region, source);
      const twin = [...mappings.values()].find(
        (one) => one.source === source && one.functionArn === functionArn,
      );
      if (twin)
        throw error(
          'ResourceConflictException',
          409,
          `The event source arn (" ${source} ") and function (" ${input.FunctionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.id}`,
        );
      const changedAt = region.now();
      const endsAt = region.elapsed() + region.updateTableMs;
      const after = input.Enabled === false ? 'Disabled' : 'Enabled';
      const id = region.ids.uuid(`mapping ${source} ${functionArn}`);
      mappings.set(id, { id, functionArn, source, settings, during: 'Creating', after, endsAt, changedAt });
      return describe(mappings.get(id)!);
    },
    GetEventSourceMapping: (input) => describe(get(input)),
    ListEventSourceMappings: (input) => {
      settle();
      const functionArn =
        input.FunctionName === undefined
          ? undefined
          : functionArnOf(region, input, 'ListEventSourceMappings');
      const all = [...mappings.values()].filter(
        (one) =>
          (functionArn === undefined || one.functionArn === functionArn) &&
          (input.EventSourceArn === undefined || one.source === input.EventSourceArn),
      );
      const from = Number(input.Marker ?? 0);
      const to = from + Math.min(Number(input.MaxItems ?? MAPPINGS_PER_PAGE), MAPPINGS_PER_PAGE);
      const NextMarker = to < all.length ? String(to) : undefined;
      return { EventSourceMappings: all.slice(from, to).map(describe), ...(NextMarker && { NextMarker }) };
    },
    UpdateEventSourceMapping: (input) => {
      const mapping = get(input);
      const settings = settingsIn(input, mapping.settings);
      if (isChanging(mapping)) throw inUse();
      mapping.settings = { ...mapping.settings, ...settings };
      if (input.Enabled === undefined) return change(mapping, 'Updating', mapping.after);
      return input.Enabled
        ? change(mapping, 'Enabling', 'Enabled')
        : change(mapping, 'Disabling', 'Disabled');
    },
    DeleteEventSourceMapping: (input) => change(get(input), 'Deleting', undefined),
  };
}

function startingPosition({ StartingPosition: position }: Json): unknown {
  if (position === 'TRIM_HORIZON' || position === 'LATEST') return position;
  throw invalid(
    position === undefined
      ? '1 validation error detected: Value null at startingPosition failed to satisfy constraint: Member must not be null.'
      : `Unsupported starting position for event source type DynamoDB: ${position}`,
  );
}

function settingsIn(input: Json, present: Json): Json {
  const settings: Json = {};
  for (const [key, [initial, least, most]] of Object.entries(numbers)) {
    const value = (input[key] ?? present[key] ?? initial) as number;
    if (!Number.isInteger(value) || value < least || value > most)
      throw error(
        'ValidationException',
        400,
        `1 validation error detected: Value '${value}' at '${key}' failed to satisfy constraint`,
      );
    settings[key] = value;
  }
  for (const [key, initial] of Object.entries(others)) {
    const value = input[key] ?? present[key] ?? initial;
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}
