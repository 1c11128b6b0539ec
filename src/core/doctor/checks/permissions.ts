import { withoutFinalDot } from '../../text.ts';
import { type Asked, questionNames, questions, type Unanswered } from '../answers.ts';
import type { Check, Situation } from '../check.ts';
import type { Said, Severity } from '../finding.ts';
import { sayNames } from '../names.ts';

/** Calls that failed for the same reason. */
interface Failed {
  readonly what: readonly string[];
  readonly why: Unanswered;
  readonly error: string;
  readonly severity: Severity;
  /** The class of people whose policy allows the call. */
  readonly class: string;
}

/** Each call that AWS did not answer. What depends on it is not checked, and says so. */
export const permissions: Check = {
  title: 'calls that are denied or fail',
  needs: [],
  find: (situation) => together(failures(situation)).map((failed) => said(failed, situation)),
};

const isFailed = (asked: Asked<unknown> | undefined): asked is Extract<Asked<unknown>, { error: string }> =>
  asked !== undefined && 'error' in asked;

function failures({ asked, writes }: Situation): Failed[] {
  const reads = questionNames.flatMap((name): Failed[] => {
    const answer = asked[name];
    if (!isFailed(answer)) return [];
    const { action, needed } = questions[name];
    // What it calls is asked for by other questions.
    if (action === undefined && answer.why === 'denied') return [];
    const severity = needed === 'jobs' ? 'severe' : 'warning';
    return [{ what: [action ?? `the check of ${name}`], severity, class: 'reader', ...answer }];
  });
  const changes = writes.flatMap(({ action, asked: answer, ...write }): Failed[] =>
    isFailed(answer) ? [{ what: [action], severity: 'severe', class: write.class, ...answer }] : [],
  );
  return [...reads, ...changes];
}

/** One cause, such as missing credentials or no network, makes one finding of all calls. */
function together(all: readonly Failed[]): Failed[] {
  const causes = new Map<string, Failed>();
  for (const one of all) {
    const cause = causeOf(one);
    const known = causes.get(cause);
    const severity = known?.severity === 'severe' ? 'severe' : one.severity;
    const what = [...(known?.what ?? []), ...one.what];
    causes.set(cause, { ...one, ...known, severity, what, error: known ? cause : one.error });
  }
  return [...causes.values()];
}

/** Without the operation that the message of a failed connection ends with. */
const causeOf = ({ error }: Failed): string => error.replace(/ \(\w+\)$/, '');

function said({ what, why, error, severity, class: of }: Failed, { config }: Situation): Said {
  const calls = why === 'denied' ? actionsOf(what).join(', ') : sayNames(actionsOf(what));
  const reason = withoutFinalDot(error);
  const is = what.length === 1 ? 'is' : 'are';
  switch (why) {
    case 'denied':
      return {
        severity,
        message: `${calls} ${is} denied: ${reason}.`,
        cure: `Allow it for these credentials. To print the policy, run \`turntable policy ${of} --env ${config.environment}\`.${byTags(what)}`,
      };
    case 'credentials':
      return {
        severity: 'severe',
        message: `AWS does not accept the credentials: ${reason}.`,
        cure: 'Set AWS_PROFILE, or renew the credentials, and run doctor again.',
      };
    case 'not-found':
      return {
        severity: 'note',
        message: `${calls} could not be checked, because the state table does not exist.`,
        cure: 'The finding on the state table says whether it should exist. If it should, create it, and run doctor again.',
      };
    case 'rejected':
      return {
        severity,
        message: `${calls} failed: ${reason}.`,
        cure: 'Correct the cause that this message names, and run doctor again.',
      };
    case 'failed':
      return {
        severity,
        message: `${calls} failed: ${reason}.`,
        cure: 'Run doctor again. If the call still fails, check the network, and the health of AWS in this region.',
      };
  }
}

const KEY = ', key ';

/** All of them, because each one needs a permission: `dynamodb:Query on the state table, keys memory, lease`. */
function actionsOf(actions: readonly string[]): string[] {
  const keys = new Map<string, string[]>();
  for (const action of actions) {
    const [head = '', ...rest] = action.split(KEY);
    keys.set(head, [...(keys.get(head) ?? []), ...rest]);
  }
  return [...keys]
    .map(([head, all]) => [
      head,
      ...(all.length > 0 ? [`${all.length === 1 ? 'key' : 'keys'} ${all.join(', ')}`] : []),
    ])
    .map((parts) => parts.join(', '));
}

/** What these actions are allowed for depends on tags, which AWS ignores while ABAC is off. */
const BY_TAGS: readonly string[] = ['dynamodb:TagResource', 'dynamodb:CreateTable', 'dynamodb:UpdateTable'];

const byTags = (what: readonly string[]): string =>
  what.some((action) => BY_TAGS.includes(action))
    ? ' If the policy allows it, attribute-based access control (ABAC) for DynamoDB is off. Look at Settings in the DynamoDB console.'
    : '';
