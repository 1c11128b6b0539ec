import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import type { EventSourceMapping } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import type { MappingClient } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { rejectingIncomplete } from './complete-answers.ts';
import { notingOperations } from './error-words.ts';
import { done, ifThere } from './errors.ts';

/** What is used of the SDK's Lambda client. */
export type LambdaSdk = Pick<
  typeof import('@aws-sdk/client-lambda'),
  | 'CreateEventSourceMappingCommand'
  | 'DeleteEventSourceMappingCommand'
  | 'GetEventSourceMappingCommand'
  | 'LambdaClient'
  | 'ListEventSourceMappingsCommand'
>;

type Lambda = LambdaSdk & { readonly client: LambdaClient };

/**
 * Event source mappings of one account and region. `load` is called with the first call, so that a client that loads late costs
 * nothing if no spec has Consumers. All calls to Lambda's control plane share 15 per second:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function awsMappings(
  load: () => Promise<LambdaSdk> | LambdaSdk,
  chosen: Chosen = {},
  limits: CallLimits = usualLimits,
): MappingClient {
  let opened: Promise<Lambda> | undefined;
  const lambda = () => {
    opened ??= open(load, chosen, limits);
    return opened;
  };
  return {
    list: async (FunctionName) => {
      const sdk = await lambda();
      return ifThere(() => listAll(sdk, FunctionName));
    },
    describe: async (UUID) => {
      const { GetEventSourceMappingCommand, client } = await lambda();
      const answer = await ifThere(() => client.send(new GetEventSourceMappingCommand({ UUID })));
      return answer && mappingFrom(answer);
    },
    create: async (FunctionName, EventSourceArn, settings) => {
      const { CreateEventSourceMappingCommand, client } = await lambda();
      const input = { ...settings, FunctionName, EventSourceArn } as CreateEventSourceMappingCommandInput;
      await done(() => client.send(new CreateEventSourceMappingCommand(input))).catch(rethrowUnfound);
    },
    remove: async (UUID) => {
      const { DeleteEventSourceMappingCommand, client } = await lambda();
      await done(() => client.send(new DeleteEventSourceMappingCommand({ UUID })));
    },
  };
}

async function open(
  load: () => Promise<LambdaSdk> | LambdaSdk,
  chosen: Chosen,
  limits: CallLimits,
): Promise<Lambda> {
  const sdk = await load();
  const client = new sdk.LambdaClient({ ...clientSettings(limits), ...chosen });
  return { ...sdk, client: limitCalls(notingOperations(rejectingIncomplete(client)), limits) };
}

/** Lambda answers an unknown stream like an invalid parameter, also for a while after the stream was created. */
function rethrowUnfound(error: unknown): never {
  if (isFailure(error, 'not-found')) throw new ServiceError('refused', error.message, { cause: error });
  if (isFailure(error, 'refused') && /stream not found/i.test(error.message))
    throw new ServiceError('not-found', error.message, { cause: error });
  throw error;
}

async function listAll(
  { ListEventSourceMappingsCommand, client }: Lambda,
  FunctionName: string,
): Promise<EventSourceMapping[]> {
  const mappings: EventSourceMapping[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListEventSourceMappingsCommand({ FunctionName, Marker }));
    for (const one of page.EventSourceMappings ?? []) mappings.push(mappingFrom(one));
    Marker = page.NextMarker;
  } while (Marker);
  return mappings;
}

function mappingFrom(mapping: EventSourceMappingConfiguration): EventSourceMapping {
  const {
    UUID,
    EventSourceArn,
    State,
    StateTransitionReason,
    LastModified,
    LastProcessingResult,
    ...settings
  } = mapping;
  return {
    id: UUID ?? '',
    source: EventSourceArn ?? '',
    state: State ?? '',
    stateReason: StateTransitionReason,
    changedAt: LastModified?.getTime(),
    lastResult: LastProcessingResult,
    settings,
  };
}
