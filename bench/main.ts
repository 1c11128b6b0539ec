import { measureCalls, viewCalls } from './calls.ts';

const sizes = [10, 100, 1_000];

const measurements = [];
for (const size of sizes) {
  process.stderr.write(`${size} tables …\n`);
  measurements.push(...(await measureCalls(size)));
}
console.log(viewCalls(measurements));
