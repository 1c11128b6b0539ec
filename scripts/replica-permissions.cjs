/**
 * What config/tables.json has of Replicas: whether there are any, and the ARNs in their regions that serverless.yml allows in the
 * roles. Without Replicas, the roles have no permission in another region.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('jsonc-parser');

const REGION = /^[a-z]{2}(-[a-z]+)+-[0-9]$/;

/** osls runs in the folder of serverless.yml. A file that is not valid fails when its bundle starts, not here. */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const file = parse(readFileSync(join(process.cwd(), 'config/tables.json'), 'utf8'));
  const specs = [].concat(file?.Tables ?? file ?? []);
  const named = specs.flatMap((spec) => [].concat(spec?.Replicas ?? [])).map((one) => one?.RegionName);
  const regions = [...new Set(named.filter((region) => REGION.test(String(region))))];
  const arns = (table) =>
    regions.map((region) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:${region}:\${AWS::AccountId}:table/${stage}.${table}`,
    }));
  return { has: regions.length > 0 ? 'yes' : 'no', tables: arns('*'), stateTables: arns('turntable') };
};
