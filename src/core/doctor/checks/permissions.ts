import { withoutFinalDot } from '../../text.ts';
import { type Asked, type QuestionName, questionNames, questions } from '../answers.ts';
import type { Check, Situation } from '../check.ts';
import type { Said } from '../finding.ts';

/** Each question that AWS did not answer. What depends on it is not checked, and says so. */
export const permissions: Check = {
  title: 'calls that are denied or fail',
  needs: [],
  find: (situation) =>
    questionNames.flatMap((name) => {
      const asked = situation.asked[name];
      return asked && 'error' in asked ? [unanswered(name, asked, situation)] : [];
    }),
};

function unanswered(
  name: QuestionName,
  { error, code }: Extract<Asked<unknown>, { error: string }>,
  { config: { environment } }: Situation,
): Said {
  const { action, needed } = questions[name];
  if (action === undefined)
    return {
      severity: 'warning',
      message: `Could not check the ${name}: ${withoutFinalDot(error)}.`,
      cure: 'Correct this error, and run doctor again.',
    };
  const severity = needed === 'jobs' ? 'severe' : 'warning';
  if (code === 'access-denied')
    return {
      severity,
      message: `${action} is denied: ${withoutFinalDot(error)}.`,
      cure: `Allow it for these credentials. To print the policy, run \`turntable policy reader --env ${environment}\`.`,
    };
  // A missing state table is a finding of its own.
  if (code === 'not-found') return stateTableIsMissing(action);
  return {
    severity,
    message: `${action} failed: ${withoutFinalDot(error)}.`,
    cure: 'Run doctor again. If the call still fails, check the network, and the health of AWS in this region.',
  };
}

const stateTableIsMissing = (action: string): Said => ({
  severity: 'note',
  message: `${action} could not be checked, because the state table does not exist.`,
  cure: 'Create the state table, and run doctor again.',
});
