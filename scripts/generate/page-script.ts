import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A module of the browser, and the generated module that exports it as text. */
interface Page {
  readonly folder: string;
  readonly name: string;
  readonly about: string;
}

export const pages: Readonly<Record<string, Page>> = {
  'src/generated/page-script.ts': {
    folder: 'src/backtest/browser',
    name: 'pageScript',
    about: 'backtest page',
  },
  'src/generated/report-script.ts': {
    folder: 'src/report/browser',
    name: 'reportScript',
    about: 'report',
  },
};

/**
 * Bundles the script of a page into a module that exports its text, and the style of its charts. The command line puts both
 * into the page, so that the page is one file, and needs no bundler at run time. uPlot's license says that it goes with every
 * copy.
 */
export async function pageScriptOf(root: string, { folder, name, about }: Page): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, folder, 'main.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  const fromPlot = (file: string): string =>
    readFileSync(join(root, 'node_modules/uplot', file), 'utf8').trim();
  const license = `/* uPlot, https://github.com/leeoniya/uPlot\n${fromPlot('LICENSE').replaceAll('*/', '')} */`;
  const script = `${license}\n${outputFiles[0]!.text.trimEnd()}`;
  return [
    `// Generated from ${folder} by scripts/generate.ts: do not edit, run \`npm run generate\`.\n`,
    `/** The script of the ${about}, to put into a \`<script>\` element. */`,
    `export const ${name} = ${linesOf(script)};\n`,
    '/** The style of uPlot. */',
    `export const plotStyle = ${linesOf(fromPlot('dist/uPlot.min.css'))};\n`,
  ].join('\n');
}

const linesOf = (text: string): string =>
  `[\n${text
    .split('\n')
    .map((line) => `  ${JSON.stringify(line)},`)
    .join('\n')}\n].join('\\n')`;
