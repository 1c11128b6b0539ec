import { sayInstant } from '../../calendar/instant.ts';
import { type Entry, type FailedEntry, isApplied } from '../../history/entry.ts';
import { plural } from '../../text.ts';
import { checkWith, type Result } from '../check.ts';

/** The actions that the roles of the stack allow by tags. */
const BY_TAGS = /not authorized to perform: dynamodb:(CreateTable|UpdateTable|TagResource|DeleteTable)\b/i;

/** The kinds of actions that need one of them. */
const CHANGES: ReadonlySet<string> = new Set([
  'create',
  'raise',
  'lower',
  'billing',
  'table-class',
  'protection',
  'delete',
]);

/** Other regions have permissions of their own, which a deployment can lack. */
const ELSEWHERE: ReadonlySet<string> = new Set(['add-replica', 'tag-replica', 'remove-replica']);

const isDenied = (entry: Entry): entry is FailedEntry =>
  entry.kind === 'failed' && BY_TAGS.test(entry.error) && !ELSEWHERE.has(entry.action);
const hasChanged = (entry: Entry): boolean => isApplied(entry) && CHANGES.has(entry.kind);

/**
 * Whether attribute-based access control is off. AWS has no call that tells it, but it denies each change by tags then:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/abac-enable-ddb.html
 */
export const abac = checkWith(
  'attribute-based access control (ABAC) that is off',
  ['history'],
  ({ history }): Result => {
    const worked = history.findLast(hasChanged);
    const denied = history.filter(isDenied).filter(({ at }) => !worked || at > worked.at);
    const [first] = denied;
    if (first) {
      return [
        {
          severity: 'severe',
          message: `AWS has denied ${plural(denied.length, 'change')} since ${sayInstant(Date.parse(first.at))}, and allowed none. Attribute-based access control (ABAC) for DynamoDB is probably off. First: ${first.error}`,
          cure: 'Open Settings in the DynamoDB console. If ABAC is off, turn it on, or set AttributeBasedAccessControl to false in config/deployment.json and deploy. If it is on, compare the role with serverless.yml.',
        },
      ];
    }
    if (worked) return [];
    return {
      skipped:
        'AWS has no call that tells whether ABAC is on, and the history of the last 7 days has no change that shows it. Look at Settings in the DynamoDB console.',
    };
  },
);
