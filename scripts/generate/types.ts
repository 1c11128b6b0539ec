import { compile, type JSONSchema } from 'json-schema-to-typescript';

const WIDTH = 110;

/** The TypeScript types of one schema, named after its definitions. */
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

/** The compiler notes with each definition where it came from; the banner has said so already. */
function withoutOrigins(text: string): string {
  return text
    .replace(/(\n \*)?\n \* This interface was referenced by [^\n]+\n \* via the `definition` [^\n]+/g, '')
    .replace(/\/\*\*\n( +)\* ([^\n]+)\n +\*\/\n/g, '/** $2 */\n')
    .replace(/\/\*\*\n \*\/\n/g, '');
}

/** An empty line between declarations. */
function spaced(text: string): string {
  return text.replace(/([;}])\n(?=\/\*\*|export )/g, '$1\n\n').replace(/\n{3,}/g, '\n\n');
}

/** Long comments over several lines. */
function wrapped(text: string): string {
  return text.split('\n').map(wrapLine).join('\n');
}

function wrapLine(line: string): string {
  const [, indent = '', scheduled, end] = /^( *)(?:\/\*\*| \*) (\S.*?)( \*\/)?$/.exec(line) ?? [];
  if (scheduled === undefined || line.length <= WIDTH) return line;
  const lines = fill(scheduled, WIDTH - indent.length - 3).map((part) => `${indent} * ${part}`);
  return end ? [`${indent}/**`, ...lines, `${indent} */`].join('\n') : lines.join('\n');
}

function fill(scheduled: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of scheduled.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
