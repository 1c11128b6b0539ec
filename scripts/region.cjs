/**
 * The region of the stack, by the rule of the commands and with the same code: `--region`, then AWS_REGION, then the region of
 * the AWS profile. Without any, a deployment fails, because the commands would look elsewhere. A package is for any region.
 */
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');

const ANY_REGION = 'us-east-1';

module.exports = async ({ options }) => {
  const profile = options['aws-profile'];
  const client = new DynamoDBClient({ region: options.region || undefined, profile });
  try {
    return await client.config.region();
  } catch {
    if (process.argv.includes('package')) return ANY_REGION;
    throw new Error(
      'No AWS region is set. Use --region, set AWS_REGION, for example AWS_REGION=eu-west-1, or set a region in the AWS profile.',
    );
  }
};
