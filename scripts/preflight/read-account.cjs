/** Asks AWS what a deployment has to know. What the caller may not read stays undefined. */
const { STATE_TABLE } = require('./decide.cjs');

/** Serverless 3 has credentials of version 2 of the SDK, and osls a configuration of version 3. */
async function clientConfig(provider) {
  if (typeof provider.getAwsSdkV3Config === 'function') return provider.getAwsSdkV3Config();
  const credentials = async () => {
    const { credentials: old } = provider.getCredentials();
    await old.getPromise?.();
    return {
      accessKeyId: old.accessKeyId,
      secretAccessKey: old.secretAccessKey,
      sessionToken: old.sessionToken,
    };
  };
  return { region: provider.getRegion(), credentials };
}

/** The answer, `otherwise` if AWS does not know the resource, or undefined if the caller may not ask. */
async function asked(call, otherwise) {
  try {
    return await call();
  } catch (error) {
    if (/AccessDenied|NotAuthorized|UnauthorizedOperation/.test(error.name)) return undefined;
    // CloudFormation says "Stack with id … does not exist" and "Resource … does not exist for stack …".
    if (error.name === 'ResourceNotFoundException' || /does not exist/.test(error.message)) return otherwise;
    throw error;
  }
}

const GONE = /^DELETE_(COMPLETE|SKIPPED)$|^CREATE_FAILED$/;

async function readAccount(provider, { table, reserving }) {
  const config = await clientConfig(provider);
  const { CloudFormationClient, DescribeStackResourceCommand } = require('@aws-sdk/client-cloudformation');
  const { DescribeTableCommand, DynamoDBClient } = require('@aws-sdk/client-dynamodb');
  const {
    GetAccountSettingsCommand,
    GetFunctionConcurrencyCommand,
    LambdaClient,
  } = require('@aws-sdk/client-lambda');
  const [dynamodb, cloudformation, lambda] = [DynamoDBClient, CloudFormationClient, LambdaClient].map(
    (Client) => new Client(config),
  );
  const StackName = provider.naming.getStackName();
  const [described, member, settings, ...functions] = await Promise.all([
    asked(() => dynamodb.send(new DescribeTableCommand({ TableName: table })), null),
    asked(
      () =>
        cloudformation.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId: STATE_TABLE })),
      null,
    ),
    reserving.length > 0 ? asked(() => lambda.send(new GetAccountSettingsCommand({}))) : undefined,
    ...reserving.map((FunctionName) =>
      asked(() => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })), null),
    ),
  ]);
  const { ResourceStatus, PhysicalResourceId } = member?.StackResourceDetail ?? {};
  return {
    tableExists: described === undefined || member === undefined ? undefined : described !== null,
    tableOwned: ResourceStatus !== undefined && !GONE.test(ResourceStatus) && PhysicalResourceId === table,
    quota: settings?.AccountLimit?.ConcurrentExecutions,
    unreserved: settings?.AccountLimit?.UnreservedConcurrentExecutions,
    reserved: reserving.filter((_, i) => functions[i]?.ReservedConcurrentExecutions > 0),
  };
}

module.exports = { readAccount };
