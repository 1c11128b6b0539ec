/** Reads deployment.json. Only the packager and `turntable validate` do, so that no Lambda function contains its schema. */
import { join } from 'node:path';
import deploymentSchema from '../../schemas/deployment.schema.json' with { type: 'json' };
import type { Stack } from '../generated/deployment.ts';
import { listedEnvironments, problemsOf } from './check.ts';
import { Document } from './document.ts';
import { checkerOf } from './explain.ts';
import type { Finding } from './finding.ts';
import { at, layersOf, merge } from './merge.ts';
import { openLocal } from './open.ts';
import { ConfigError, inOrder, type Problem } from './problem.ts';
import { defaultsOf, type Schema, withNumbers } from './schema.ts';
import { similarName } from './similar.ts';

const schema = deploymentSchema as Schema;
const check = checkerOf(schema);
const level = schema.definitions?.Stack ?? {};
const defaults = defaultsOf(schema, level);

/** The parameters of one stack with their defaults. Those without a default can be missing. */
export type StackParameters = Omit<Stack, 'MemorySize' | 'Shards'> &
  Required<
    Pick<Stack, 'ServiceName' | 'AttributeBasedAccessControl' | 'ReservedConcurrency' | 'LogRetentionInDays'>
  > & { readonly MemorySize: number; readonly Shards: number | 'auto' };

/** A deployment.json and every problem in it. */
export interface DeploymentReading {
  readonly problems: readonly Problem[];
  /** Whether the folder has the file. */
  readonly written: boolean;
  /** The environments that the file lists. */
  readonly environments: readonly string[];
  readonly document?: Document;
}

/** Reads and checks the deployment.json of a folder. With `environment`, also that it is not a listed one misspelled. */
export function readDeployment(folder: string, environment?: string): DeploymentReading {
  const { document, problems } = openLocal(
    (file, text) => new Document(file, text),
    join(folder, 'deployment.json'),
  );
  const environments = listedEnvironments(document);
  if (!document) return { problems, environments, written: problems.length > 0 };
  if (document.syntax.length > 0) return { problems: document.syntax, environments, written: true };
  const findings = [...check(document), ...uncountable(document), ...misspelled(document, environment)];
  return { problems: inOrder(problemsOf(document, findings)), environments, written: true, document };
}

/**
 * The parameters of the stack of one environment.
 * @throws ConfigError with every problem in the file
 */
export function loadDeployment(folder: string, environment: string): StackParameters {
  const { problems, document } = readDeployment(folder, environment);
  if (problems.length > 0) throw new ConfigError(problems);
  const layers = layersOf(document?.value, environment).map(({ value }) => value);
  return withNumbers(schema, level, merge([defaults, ...layers])) as StackParameters;
}

/** `auto` counts the tables of the folder. With ConfigBucket, the functions may have other ones. */
function uncountable(document: Document): Finding[] {
  const message =
    'is "auto", but with ConfigBucket a deployment does not know the specs. Set a number from 1 to 64.';
  return [...listedEnvironments(document), ''].flatMap((environment) => {
    const layers = layersOf(document.value, environment);
    const settled = (key: string) =>
      layers.map(({ value }) => at(value, [key])).findLast((one) => one !== undefined);
    if (settled('Shards') !== 'auto' || settled('ConfigBucket') === undefined) return [];
    const level = layers.findLast(({ value }) => at(value, ['Shards']) !== undefined);
    return level ? [{ at: [...level.path, 'Shards'], message }] : [];
  });
}

/** With a misspelled stage, the stack would silently have the defaults: no alarm email, for example. */
function misspelled(document: Document, environment: string | undefined): Finding[] {
  const listed = listedEnvironments(document);
  if (environment === undefined || listed.includes(environment)) return [];
  const similar = similarName(environment, listed);
  if (similar === undefined) return [];
  const message = `does not list ${environment}, but the similar ${similar}. If the name is correct, add it here.`;
  return [{ at: ['Environments'], message }];
}
