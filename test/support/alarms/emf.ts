/** Reads metrics from the log of a function, as CloudWatch does, and rejects what the embedded metric format does not allow. */
import { Ajv } from 'ajv';
import schema from './emf-schema.json' with { type: 'json' };

/** One value of a metric. */
export interface Datum {
  readonly namespace: string;
  readonly metric: string;
  /** `Environment=production`, joined by commas, in the order of their names. */
  readonly dimensions: string;
  readonly unit: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

const isDocument = new Ajv({ allErrors: true }).compile(schema);

/** The lines of a log that are JSON, as objects. */
export const jsonLines = (log: string): Record<string, unknown>[] =>
  log.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });

/** Every value in a log. @throws Error if a document breaks a rule of the format */
export const dataIn = (log: string): Datum[] =>
  jsonLines(log).flatMap((line) => ('_aws' in line ? dataOf(line) : []));

function dataOf(document: Record<string, unknown>): Datum[] {
  if (!isDocument(document)) throw new Error(`Invalid EMF: ${JSON.stringify(isDocument.errors)}`);
  const { Timestamp, CloudWatchMetrics } = document._aws as {
    Timestamp: number;
    CloudWatchMetrics: Directive[];
  };
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit = 'None' }) =>
      valuesOf(document[Name], Name).flatMap((value) =>
        Dimensions.map((keys) => ({
          namespace: Namespace,
          metric: Name,
          dimensions: sayDimensions(keys.map((key) => [key, textOf(document[key], key)])),
          unit: Unit,
          at: Timestamp,
          value,
        })),
      ),
    ),
  );
}

/** Dimensions as one text, for comparisons. */
export const sayDimensions = (pairs: readonly (readonly [string, string])[]): string =>
  pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',');

/** A metric target is a number, or up to 100 numbers. */
function valuesOf(target: unknown, name: string): number[] {
  const values = Array.isArray(target) ? target : [target];
  if (values.length > 100 || !values.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Error(`Invalid EMF: ${name} is ${JSON.stringify(target)}`);
  return values;
}

function textOf(target: unknown, name: string): string {
  if (typeof target === 'string' && target !== '') return target;
  throw new Error(`Invalid EMF: the dimension ${name} is ${JSON.stringify(target)}`);
}
