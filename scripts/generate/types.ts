import { compile, type JSONSchema } from 'json-schema-to-typescript';

const WIDTH = 110;

/** The TypeScript types of one schema. They have the names of its definitions. */
export async function typesOf(schema: JSONSchema, file: string): Promise<string> {
  const text = await compile(structuredClone(schema), schema.title ?? file, {
    bannerComment: `// Generated from schemas/${file} by scripts/generate.ts: do not edit, run \`npm run generate\`.`,
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: WIDTH, trailingComma: 'all' },
  });
  return wrapped(spaced(withoutOrigins(text)));
}

/** Removes the note on its origin that the compiler adds to each definition. The banner already names the schema. */
function withoutOrigins(text: string): string {
  return text
    .replace(/(\n \*)?\n \* This interface was referenced by [^\n]+\n \* via the `definition` [^\n]+/g, '')
    .replace(/\/\*\*\n( +)\* ([^\n]+)\n +\*\/\n/g, '/** $2 */\n')
    .replace(/\/\*\*\n \*\/\n/g, '');
}

/** Adds an empty line between declarations. */
function spaced(text: string): string {
  return text.replace(/([;}])\n(?=\/\*\*|export )/g, '$1\n\n').replace(/\n{3,}/g, '\n\n');
}

/** Wraps long comments. */
function wrapped(text: string): string {
  return text.split('\n').map(wrapLine).join('\n');
}

function wrapLine(line: string): string {
  const [, indent = '', sentence, end] = /^( *)(?:\/\*\*| \*) (\S.*?)( \*\/)?$/.exec(line) ?? [];
  if (sentence === undefined || line.length <= WIDTH) return line;
  const lines = fill(sentence, WIDTH - indent.length - 3).map((part) => `${indent} * ${part}`);
  return end ? [`${indent}/**`, ...lines, `${indent} */`].join('\n') : lines.join('\n');
}

function fill(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
