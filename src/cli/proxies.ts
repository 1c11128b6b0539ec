/** The variables by which other tools find a proxy for HTTPS. */
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/** Whether NO_PROXY says that calls to AWS go without a proxy: `*`, `amazonaws.com`, `.amazonaws.com`. */
const excludesAws = (list: string): boolean =>
  list.split(/[\s,]+/).some((one) => /^(\*|(\*?\.)?amazonaws\.com)$/i.test(one));

/** Names of the variables that set a proxy for calls to AWS. Never their values, which can contain a password. */
export function proxiesIn(env: NodeJS.ProcessEnv): string[] {
  if (excludesAws(env.NO_PROXY ?? env.no_proxy ?? '')) return [];
  return VARIABLES.filter((name) => env[name]);
}
