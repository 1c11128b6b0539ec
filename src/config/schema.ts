import pricesSchema from '../../schemas/prices.schema.json' with { type: 'json' };
import settingsSchema from '../../schemas/settings.schema.json' with { type: 'json' };
import tablesSchema from '../../schemas/tables.schema.json' with { type: 'json' };

/** The JSON Schema keywords of our schemas that this folder reads. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  /** The value can contain a secret, so messages never show it. */
  readonly writeOnly?: boolean;
  /** The message that editors show instead of their own. The loader shows the same message. */
  readonly errorMessage?: string;
}

export const tables: Schema = tablesSchema as Schema;
export const prices: Schema = pricesSchema as Schema;
export const settings: Schema = settingsSchema as Schema;

/** The definition that `schema` references with $ref, or with an allOf that adds a description. */
export function resolve(root: Schema, schema: Schema): Schema {
  const target = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const definition = target && root.definitions?.[target.replace('#/definitions/', '')];
  return definition ? resolve(root, definition) : schema;
}

/** The schema of the value that an object has under `key`. */
export function under(root: Schema, schema: Schema, key: string): Schema | undefined {
  const { properties = {}, additionalProperties } = schema;
  const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
  const found = own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  return found && resolve(root, found);
}

/** `value` with strings converted to numbers wherever the schema accepts an integer. */
export function withNumbers(root: Schema, schema: Schema, value: unknown): unknown {
  if (typeof value === 'string') {
    const number = schema.type?.includes('integer') ? Number(value) : Number.NaN;
    // A word such as `auto` is valid beside numbers.
    return Number.isNaN(number) ? value : number;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = resolve(root, schema.items ?? {});
    return value.map((item) => withNumbers(root, items, item));
  }
  const entries = Object.entries(value).map(([key, part]) => [
    key,
    withNumbers(root, under(root, schema, key) ?? {}, part),
  ]);
  return Object.fromEntries(entries);
}

/** Every `default` in `schema`, nested like the keys. */
export function defaultsOf(root: Schema, schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  const entries = Object.entries(schema.properties ?? {})
    .map(([key, part]): [string, unknown] => [key, part.default ?? defaultsOf(root, resolve(root, part))])
    .filter(([, value]) => value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The schema of one level of the settings, and its defaults. */
export const levelSchema: Schema = under(settings, settings, 'Defaults') ?? {};
export const levelDefaults: unknown = defaultsOf(settings, levelSchema);
