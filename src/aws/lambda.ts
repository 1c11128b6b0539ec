/** What is used of the SDK's Lambda client. It is a file of its own, so that a bundle that loads it late has no more of it. */
export {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
