import { isFailure, type ServiceError } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';

/** The kinds that only send UpdateTable, which the roles in serverless.yml allow only for tables with the tag of the environment. */
const UPDATES: ReadonlySet<Action['kind']> = new Set([
  'raise',
  'lower',
  'billing',
  'table-class',
  'protection',
]);

const BY_TAGS = /dynamodb:(UpdateTable|TagResource)\b/;

/**
 * What else to check if AWS denies an action whose permission depends on tags. If attribute-based access control is off, AWS
 * evaluates such a permission as if there were no tags, so it denies every change:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/abac-enable-ddb.html
 */
export function denialAdvice(error: ServiceError, action: Action): string {
  const { kind } = action;
  if (!isFailure(error, 'access-denied') || !deniesPermission(error)) return '';
  if ('region' in action && action.region !== undefined)
    return ` The roles have permissions in ${action.region} only if config/tables.json named it in Replicas when you deployed. Check also that attribute-based access control (ABAC) for DynamoDB is on there.`;
  if (!UPDATES.has(kind) && !BY_TAGS.test(error.message)) return '';
  return ' Check that attribute-based access control (ABAC) for DynamoDB is on in this account and region. If it is off, turn it on, or set AttributeBasedAccessControl to false in config/deployment.json and deploy.';
}

/** Whether the role lacks a permission. Invalid credentials are access-denied too. */
export const deniesPermission = ({ message, cause }: ServiceError): boolean =>
  (cause as Error | undefined)?.name === 'AccessDeniedException' || /not authorized/i.test(message);
