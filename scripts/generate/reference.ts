import type { JSONSchema } from 'json-schema-to-typescript';
import { compactJson } from './compact-json.ts';
import { rangeOf, typeOf } from './wording.ts';

/** A file that operators edit, and its schema, which contains the full documentation. */
export interface Described {
  readonly file: string;
  readonly schema: JSONSchema;
}

const INTRODUCTION = `<!-- Generated from the schemas by scripts/generate.ts: do not edit, run \`npm run generate\`. -->

# Configuration

The configuration is one folder with up to four files. The folder is \`config/\`, unless you set \`--config\` or
\`TURNTABLE_CONFIG\`. All files are plain JSON in UTF-8. \`turntable validate\` reports every problem in them with line
and column, and suggests the right word for a misspelled one.

The files can also be in S3: \`--config s3://bucket/prefix\`, or the same in \`TURNTABLE_CONFIG\`. Commands and the daemon read
\`tables.json\`, \`settings.json\` and \`prices.json\` there with the permissions \`s3:GetObject\` and \`s3:ListBucket\`. The
daemon reads them again for each run, and starts and runs with the last valid version while a newer one is invalid. The
functions do the same in each run if \`ConfigBucket\` in \`deployment.json\` names the place:
[specs without a deployment](deployment.md#change-specs-without-a-deployment).
`;

/** The configuration reference: a chapter for each file, with a section for each kind of object. */
export function referenceOf(files: readonly Described[]): string {
  return [INTRODUCTION, ...files.map(chapter)].join('\n');
}

function chapter({ file, schema }: Described): string {
  const [example] = (schema.examples as unknown[] | undefined) ?? [];
  const parts = [
    `## \`${file}\`\n`,
    `${schema.description}\n`,
    ...(example ? [`\`\`\`json\n${compactJson(example)}\n\`\`\`\n`] : []),
    keyTable(schema, schema),
    ...reachable(schema).map((name) => section(schema, name)),
  ];
  return parts.join('\n');
}

function section(root: JSONSchema, name: string): string {
  const schema = root.definitions?.[name] ?? {};
  return [`### ${titleOf(name)}\n`, `${schema.description}\n`, keyTable(root, schema)].join('\n');
}

function keyTable(root: JSONSchema, schema: JSONSchema): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const rows = Object.entries(schema.properties ?? {}).map(([key, written]) => {
    const part = resolved(root, written);
    const value = written.default ?? part.default;
    const byDefault = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    const cells = [
      `\`${key}\``,
      typeOf(part, (schema) => linkTo(root, schema)) + rangeOf(part),
      required.includes(key) && schema !== root ? 'required' : byDefault,
      written.description ?? part.description ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Key | Type | Default | Description |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** The name of the definition that a schema references, with $ref or with an allOf that adds a description. */
function nameOf(schema: JSONSchema): string | undefined {
  const target = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return target?.replace('#/definitions/', '');
}

function resolved(root: JSONSchema, schema: JSONSchema): JSONSchema {
  const name = nameOf(schema);
  const definition = name && root.definitions?.[name];
  if (!definition) return schema;
  if (!isSection(definition)) return resolved(root, definition);
  return { description: firstSentence(definition.description), ...schema };
}

function firstSentence(text = ''): string {
  return text.replace(/(?<=\.)\s.*$/s, '');
}

const isSection = ({ type, properties }: JSONSchema) => type === 'object' && properties !== undefined;

function linkTo(root: JSONSchema, schema: JSONSchema): string | undefined {
  const name = nameOf(schema);
  if (name === undefined || !isSection(root.definitions?.[name] ?? {})) return undefined;
  return `[${titleOf(name)}](#${titleOf(name).toLowerCase().replaceAll(' ', '-')})`;
}

/** `Time to live` for TimeToLive. */
function titleOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4').split(' ');
  return words.map((word, i) => (i === 0 || /^[A-Z]+$/.test(word) ? word : word.toLowerCase())).join(' ');
}

/** The definitions with their own section, in the order of their first reference. */
function reachable(root: JSONSchema): string[] {
  const found = new Set<string>();
  const visit = (schema: JSONSchema): void => {
    const name = nameOf(schema);
    const target = (name && root.definitions?.[name]) || schema;
    if (name !== undefined && isSection(target)) {
      if (found.has(name)) return;
      found.add(name);
    }
    const { items, additionalProperties: named, properties = {} } = target;
    for (const part of [items, named, ...Object.values(properties)])
      if (typeof part === 'object' && part !== null) visit(part as JSONSchema);
  };
  visit(root);
  return [...found];
}
