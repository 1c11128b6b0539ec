import type { Command } from 'commander';
import { quote, visibleJson } from '../../config/quote.ts';
import { type CommonOptions, configOf, contextOf, localCommand } from '../context.ts';
import { UsageError } from '../failure.ts';
import { type Language, moduleOf } from '../views/module.ts';
import { plural, visible } from '../views/text.ts';
import { write } from '../written.ts';

interface GenerateOptions extends CommonOptions {
  readonly out?: string;
}

export const generateCommand = (): Command =>
  localCommand('generate', 'generate a module with typed constants and a resolver for applications')
    .option('-o, --out <file>', '.ts, .js, or .cjs file to write (default: TypeScript on standard output)')
    .action((options: GenerateOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const module = moduleOf(config, languageOf(options.out), options.env);
      if (options.out === undefined) return void process.stdout.write(module);
      write(options.out, module);
      const groups = config.specs.map(({ name }) => name);
      if (context.json) console.log(visibleJson({ file: options.out, groups }));
      else console.log(`Wrote ${visible(options.out)}: ${plural(groups.length, 'group')}.`);
    });

/** @throws UsageError */
function languageOf(file = 'x.ts'): Language {
  if (/\.[mc]?ts$/.test(file)) return 'typescript';
  if (/\.m?js$/.test(file)) return 'javascript';
  if (/\.cjs$/.test(file)) return 'commonjs';
  throw new UsageError(
    `--out ${quote(file)} has an unknown extension. Use .ts, .mts, or .cts for TypeScript, or .js, .mjs, or .cjs for JavaScript.`,
  );
}
