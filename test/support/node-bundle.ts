import { type BuildOptions, build } from 'esbuild';

/** Bundles modules into one file that the pinned Node runs without packages and sources: for tests, chaos and benches. */
export async function bundleForNode(
  outfile: string,
  input: Pick<BuildOptions, 'entryPoints' | 'stdin'>,
): Promise<void> {
  await build({
    ...input,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    // CommonJS packages in the bundle call `require` for Node's modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
