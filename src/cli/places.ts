/** Commands that read several regions and accounts at once, and show them side by side. */
import type { Command } from 'commander';
import pMap from 'p-map';
import { visibleJson } from '../config/quote.ts';
import { type CommonOptions, type Context, contextOf, localCommand } from './context.ts';
import { type ErrorReport, FAILED, reportOf } from './error-report.ts';
import { UsageError } from './failure.ts';
import { type Column, layout } from './views/layout.ts';
import { style, visible } from './views/text.ts';

/** Each place has its own clients, and its reads are concurrent already. */
const CONCURRENT_PLACES = 4;

/** Creates a command that calls AWS in one or several places. */
export const placesCommand = (name: string, description: string): Command =>
  localCommand(name, description)
    .option(
      '--region <names>',
      'AWS region, or several, separated by commas (default: AWS_REGION, then the region of the AWS profile)',
    )
    .option(
      '--profile <names>',
      'AWS profile with the credentials and the region, or several, separated by commas (default: AWS_PROFILE)',
    );

/** One context for each region with each profile. @throws UsageError */
export function contextsOf(options: CommonOptions): readonly Context[] {
  const regions = namesIn('--region', options.region);
  const profiles = namesIn('--profile', options.profile);
  return profiles.flatMap((profile) =>
    regions.map((region) =>
      contextOf({
        ...options,
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
      }),
    ),
  );
}

function namesIn(option: string, text: string | undefined): readonly (string | undefined)[] {
  if (text === undefined) return [undefined];
  const names = text.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (names.length > 1 && names.includes(''))
    throw new UsageError(
      `${option} has an empty name in ${JSON.stringify(text)}. Separate the names with single commas.`,
    );
  if (twice !== undefined)
    throw new UsageError(`${option} names ${JSON.stringify(twice)} twice. Name it once.`);
  return names;
}

/** What one place answered. */
export type Answer<T> = { readonly context: Context } & (
  | { readonly value: T }
  | { readonly error: ErrorReport }
);

/** Reads all places. An error of one place is part of the output and makes the command fail. The others are still shown. */
export async function everywhere<T>(
  contexts: readonly Context[],
  read: (context: Context) => Promise<T>,
): Promise<Answer<T>[]> {
  const answers = await pMap(
    contexts,
    async (context): Promise<Answer<T>> => {
      try {
        return { context, value: await read(context) };
      } catch (error) {
        return { context, error: reportOf(error) };
      }
    },
    { concurrency: CONCURRENT_PLACES },
  );
  if (answers.some((answer) => 'error' in answer)) process.exitCode = FAILED;
  return answers;
}

/** How a place is called, by what the user named: `eu-west-1`, `profile ops`, or `eu-west-1 (ops)`. */
function nameOf({ chosen: { region, profile } }: Context): string {
  if (profile === undefined) return region ?? '';
  return region === undefined ? `profile ${profile}` : `${region} (${profile})`;
}

/** A table with a row for each place, and below it what there is to say about each. */
export function viewPlaces<T>(
  answers: readonly Answer<T>[],
  columns: readonly Column[],
  cells: (value: T) => readonly string[],
  view: (value: T, context: Context) => string,
): string {
  const rows = answers.map((answer) =>
    'value' in answer
      ? { cells: [visible(nameOf(answer.context)), ...cells(answer.value)] }
      : {
          cells: [visible(nameOf(answer.context)), ...columns.map(() => '?')],
          notes: [style.bad(visible(answer.error.message))],
        },
  );
  const shown = answers.flatMap((answer) => ('value' in answer ? [view(answer.value, answer.context)] : []));
  return [layout([{ title: 'PLACE' }, ...columns], rows), ...shown].join('\n\n');
}

/** The places as JSON, each with `value` under a name, or with `error`. */
export const jsonOfPlaces = <T>(answers: readonly Answer<T>[], name: string): string =>
  visibleJson(
    {
      places: answers.map(({ context: { chosen }, ...answer }) => ({
        ...chosen,
        ...('value' in answer ? { [name]: answer.value } : { error: answer.error }),
      })),
    },
    2,
  );
