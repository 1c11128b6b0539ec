import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the script of the backtest page into a module that exports its text. The command line puts the text into the
 * page, so that the page is one file, and needs no bundler at run time.
 */
export async function pageScriptOf(root: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'src/backtest/browser/main.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  const lines = outputFiles[0]!.text.trimEnd().split('\n');
  return [
    '// Generated from src/backtest/browser by scripts/generate.ts: do not edit, run `npm run generate`.\n',
    '/** The script of the backtest page, to put into a `<script>` element. */',
    `export const pageScript = [\n${lines.map((line) => `  ${JSON.stringify(line)},`).join('\n')}\n].join('\\n');\n`,
  ].join('\n');
}
