import type { Host } from '../../facts.ts';
import { withoutFinalDot } from '../../text.ts';
import { checkWith, type Result } from '../check.ts';
import type { Said } from '../finding.ts';

const OF_AWS = /\.amazonaws\.com(\.cn)?$/;

/**
 * Some calls of DynamoDB go to a host of the account: all if the credentials have an account, and otherwise those that name a
 * table by its ARN. https://docs.aws.amazon.com/sdkref/latest/guide/feature-account-endpoints.html
 */
export const endpoints = checkWith(
  'proxies that the AWS SDK ignores, and hosts of DynamoDB that cannot be reached',
  ['hosts'],
  ({ hosts }, { proxies }): Result => {
    if (hosts.length > 0 && !hosts.some(({ name }) => OF_AWS.test(name)))
      return {
        skipped: `An endpoint URL is set, so all calls go to ${hosts[0]!.name}, and no proxy or host of AWS matters.`,
      };
    const blocked = hosts.filter(({ error }) => error !== undefined);
    return [...blocked.map((host) => unreachable(host, hosts)), ...ignored(proxies, blocked)];
  },
);

function unreachable({ name, error = '' }: Host, hosts: readonly Host[]): Said {
  const others = hosts.filter((host) => host.error === undefined).map((host) => host.name);
  const beside = others.length > 0 ? `, although ${others.join(' and ')} can` : '';
  return {
    severity: 'severe',
    message: `The host ${name} cannot be reached${beside}: ${withoutFinalDot(error)}.`,
    cure: name.includes('.ddb.')
      ? `Allow HTTPS to ${name} in firewalls and DNS. Or set AWS_ACCOUNT_ID_ENDPOINT_MODE=disabled, and the SDK does not use this host.`
      : `Allow HTTPS to ${name} in firewalls and DNS, or create a VPC endpoint of DynamoDB.`,
  };
}

/** The SDK has no support of proxies: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-proxies.html */
function ignored(proxies: readonly string[], blocked: readonly Host[]): Said[] {
  if (proxies.length === 0) return [];
  const [verb, set] = proxies.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    {
      severity: blocked.length > 0 ? 'severe' : 'warning',
      message: `${proxies.join(' and ')} ${verb} set, but the AWS SDK ignores ${set}. Calls go to AWS directly.`,
      cure: `Allow direct HTTPS to AWS, for example by VPC endpoints. If that is intended, add .amazonaws.com to NO_PROXY, or unset ${set}.`,
    },
  ];
}
