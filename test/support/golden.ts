/** The message of an assertion about a golden file. */
export const RENEW = 'If the new output is correct, run `npm run golden` and review the difference.';
