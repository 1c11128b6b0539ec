/**
 * What config/tables.json has of Replicas: whether there are any, and the ARNs in their regions that serverless.yml allows in the
 * roles. Without Replicas, the roles have no permission in another region.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('jsonc-parser');
const { definitions } = require('../schemas/tables.schema.json');

const REGION = new RegExp(definitions.Replica.properties.RegionName.pattern);

/** osls prints the stack of an error. This one has only its message. */
function failure(message) {
  const error = new Error(message);
  error.stack = `\n${message}`;
  return error;
}

/** osls runs in the folder of serverless.yml. A file that is not valid fails when its bundle starts, not here. */
module.exports = async ({ options = {}, resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const file = parse(readFileSync(join(process.cwd(), 'config/tables.json'), 'utf8'));
  const specs = [].concat(file?.Tables ?? file ?? []);
  const named = specs.flatMap((spec) => [].concat(spec?.Replicas ?? [])).map((one) => one?.RegionName);
  const regions = [...new Set(named.filter((region) => REGION.test(String(region))))];
  const home = options.region || process.env.AWS_REGION;
  if (regions.includes(home))
    throw failure(
      `Replicas in config/tables.json names ${home}, which is the region of the stack. A replica is in another region.`,
    );
  const arns = (table) =>
    regions.map((region) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:${region}:\${AWS::AccountId}:table/${stage}.${table}`,
    }));
  return { has: regions.length > 0 ? 'yes' : 'no', tables: arns('*'), stateTables: arns('turntable') };
};
