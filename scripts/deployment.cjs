/**
 * The parameters of the stack for serverless.yml, from config/deployment.json. An invalid file or an old `--param` fails the
 * packaging, so that no deployment silently has other parameters than the one before.
 */
const NO_VALUE = { Ref: 'AWS::NoValue' };

/** The parameters that earlier versions took from the command line, and where they are now. */
const MOVED = {
  alarmEmail: 'Set "AlarmEmail" in config/deployment.json',
  abac: 'Instead of "no", set "AttributeBasedAccessControl" to false in config/deployment.json',
  stateTable: 'A deployment finds out whether the state table exists',
};

/** What to do about the parameters that are still given with --param, or below `params` in serverless.yml. */
function movedParameters(given, written) {
  const names = (given ?? []).map((one) => one.split('=')[0]);
  const below = Object.values(written ?? {}).flatMap((level) => Object.keys(level ?? {}));
  const told = (name, how) => `${how} is no longer read. ${MOVED[name]}.`;
  return [
    ...names.filter((name) => MOVED[name]).map((name) => told(name, `--param "${name}=…"`)),
    ...below
      .filter((name) => MOVED[name])
      .map((name) => told(name, `"${name}" below params in serverless.yml`)),
  ];
}

/** osls prints the stack of an error. This one has only its message. */
function failure(message) {
  const error = new Error(message);
  error.stack = `\n${message}`;
  return error;
}

/** osls runs in the folder of serverless.yml. */
module.exports = async ({ options, resolveVariable, resolveConfigurationProperty }) => {
  const moved = movedParameters(options.param, await resolveConfigurationProperty(['params']));
  if (moved.length > 0) throw failure([...new Set(moved)].join('\n'));
  const stage = await resolveVariable('sls:stage');
  const { loadDeployment } = await import('../src/config/deployment.ts');
  try {
    const stack = loadDeployment('config', stage);
    return parametersOf({ ...stack, Shards: await shardsOf(stack, stage) }, stage);
  } catch (error) {
    throw error.name === 'ConfigError' ? failure(error.message) : error;
  }
};

/** The number of shards. `auto` follows from the tables that the packaged configuration has now. */
async function shardsOf({ Shards: shards }, stage) {
  if (shards !== 'auto') return shards;
  const { loadConfig } = await import('../src/config/index.ts');
  const { shardsFor } = await import('../src/config/shards.ts');
  return shardsFor(loadConfig('config', stage), Date.now());
}

/** The files of a configuration: src/config/source.ts. */
const CONFIG_FILES = ['tables.json', 'settings.json', 'prices.json'];

/** An ARN of S3, which has neither a region nor an account. */
const s3Arn = (path) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${path}` });

/** What of the stack reads the configuration from S3. Without ConfigBucket, neither the bundles nor the roles can. */
function configurationOf(place = '') {
  const path = place.replace('s3://', '');
  return {
    configPlace: place || NO_VALUE,
    hasConfigBucket: place ? 'yes' : 'no',
    configBucket: place ? s3Arn(path.split('/')[0]) : '',
    configObjects: place ? CONFIG_FILES.map((file) => s3Arn(`${path}/${file}`)) : [],
    configStack: place ? 'config-bucket.yml' : 'none.yml',
    withoutS3: place ? '"no"' : '"yes"', // a constant of esbuild is JavaScript
  };
}

/** The alarms that only some stacks have, for the list of the dashboard. */
const optionalAlarms = ({ ConfigBucket, ReportBucket, Shards, RestoreDrills }) =>
  [
    ConfigBucket && 'ConfigInvalid',
    ReportBucket && 'ReportFailed',
    ...(Shards > 1 ? ['ShardsFailed', 'ShardsNearTimeout', 'TicksDead'] : []),
    ...(RestoreDrills ? ['DrillFailing', 'DrillRunsFailed'] : []),
  ]
    .filter(Boolean)
    .map((alarm) => `, "\${${alarm}.Arn}"`)
    .join('');

/** What of the stack writes the report. Without ReportBucket, it has neither the function nor its role. */
const reportOf = (place = '', stage) => ({
  reportStack: place ? 'report.yml' : 'none.yml',
  reportPlace: place,
  reportObjects: place ? s3Arn(`${place.replace('s3://', '')}/${stage}/*`) : '',
});

/**
 * What of the stack scales in shards. With one shard, scale is one function with its own role. With more, that function is the
 * coordinator, and the workers have the role of scale.
 */
const shardsIn = (shards) => ({
  shards: String(shards),
  hasShards: shards > 1 ? 'yes' : 'no',
  shardStack: shards > 1 ? 'shards.yml' : 'none.yml',
  shardConcurrency: Math.max(2, shards), // AWS accepts no less
  scaleHandler: shards > 1 ? 'handlers/coordinator.handler' : 'handlers/scale.handler',
  scaleRole: shards > 1 ? 'CoordinatorRole' : 'ScaleRole',
  scalingFunction: shards > 1 ? 'shard' : 'scale',
  scalingLogs: `/aws/lambda/\${${shards > 1 ? 'Shard' : 'Scale'}LambdaFunction}`,
  ticksArn: shards > 1 ? { 'Fn::GetAtt': ['Ticks', 'Arn'] } : '',
  ticksUrl: shards > 1 ? { Ref: 'Ticks' } : NO_VALUE,
  shardsVariable: shards > 1 ? String(shards) : NO_VALUE,
});

function parametersOf({ FailureDestination: destination, Tags = {}, ...stack }, stage) {
  return {
    ...configurationOf(stack.ConfigBucket),
    ...reportOf(stack.ReportBucket, stage),
    drillStack: stack.RestoreDrills ? 'drill.yml' : 'none.yml',
    optionalAlarms: optionalAlarms(stack),
    ...shardsIn(stack.Shards),
    serviceName: stack.ServiceName,
    alarmEmail: stack.AlarmEmail ?? '',
    abac: stack.AttributeBasedAccessControl ? 'yes' : 'no',
    reservedConcurrency: stack.ReservedConcurrency ? 1 : null,
    memorySize: stack.MemorySize,
    logRetentionInDays: stack.LogRetentionInDays,
    permissionsBoundary: stack.PermissionsBoundary ?? NO_VALUE,
    failureDestination: destination ?? '',
    failureAction: destination?.includes(':sns:') ? 'sns:Publish' : 'sqs:SendMessage',
    failureQueue: destination?.includes(':sqs:') ? destination : '',
    destinations: destination ? { onFailure: destination } : null,
    tags: Tags,
  };
}
