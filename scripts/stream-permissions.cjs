/**
 * What config/tables.json has that reads the changes of tables: whether there are Consumers and KinesisStreamDestinations, and the
 * ARNs that serverless.yml allows in the roles. Without them, the roles have no such permission.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('jsonc-parser');

const unique = (values) => [...new Set(values)];
const isText = (value) => typeof value === 'string';

/** A function, and all its versions and aliases. */
function functionArns(name) {
  const [, arn] = /^(arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+)/.exec(name) ?? [];
  const base =
    arn ?? `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name.split(':')[0]}`;
  return [base, `${base}:*`];
}

const streamArn = (stream) =>
  stream.startsWith('arn:')
    ? stream
    : `arn:\${AWS::Partition}:kinesis:\${AWS::Region}:\${AWS::AccountId}:stream/${stream}`;

/** osls runs in the folder of serverless.yml. A file that is not valid fails when its bundle starts, not here. */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const file = parse(readFileSync(join(process.cwd(), 'config/tables.json'), 'utf8'));
  const specs = [].concat(file?.Tables ?? file ?? []);
  const named = (values) =>
    unique(values.filter(isText).map((value) => value.replaceAll('{environment}', stage)));
  const functions = named(
    specs.flatMap((spec) => [].concat(spec?.Consumers ?? [])).map((one) => one?.Function),
  );
  const streams = named(specs.map((spec) => spec?.KinesisStreamDestination?.Stream));
  const sub = (arn) => ({ 'Fn::Sub': arn });
  return {
    consumers: functions.length > 0 ? 'yes' : 'no',
    kinesis: streams.length > 0 ? 'yes' : 'no',
    functions: unique(functions.flatMap(functionArns)).map(sub),
    streams: streams.map(streamArn).map(sub),
  };
};
