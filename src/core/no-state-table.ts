import { stateTableName } from './calendar/naming.ts';
import { ServiceError } from './failure.ts';
import type { Config } from './spec.ts';

/** The state table of an environment does not exist. */
export class NoStateTable extends ServiceError {
  readonly environment: string;

  constructor(environment: string, options?: ErrorOptions) {
    const how = `A deployment creates it. Without a deployment, run \`turntable init --env ${environment}\`.`;
    super('not-found', `${missing(environment)} ${how}`, options);
    this.environment = environment;
  }
}

const missing = (environment: string): string =>
  `The state table ${stateTableName(environment)} does not exist.`;

/** What is probably wrong if settings.json lists a similar environment, but not this one. */
export const sayMistyped = (environment: string, similarTo: string): string =>
  `settings.json does not list the environment ${environment}. Did you mean ${similarTo}?`;

/** Whether a call failed because of it. */
export const lacksStateTable = (error: unknown): boolean =>
  error instanceof ServiceError && [error, error.cause].some((one) => one instanceof NoStateTable);

/** The error, or one with a better cure: if the name of the environment is probably mistyped, nothing should be created for it. */
export function withCure(
  error: unknown,
  { environment, unlisted }: Pick<Config, 'environment' | 'unlisted'>,
): unknown {
  if (!lacksStateTable(error) || unlisted?.similarTo === undefined) return error;
  const message = `${missing(environment)} ${sayMistyped(environment, unlisted.similarTo)}`;
  return new ServiceError('not-found', message, { cause: error });
}
