#!/usr/bin/env node
import { sayInterrupted } from './interrupt.ts';
import { run } from './program.ts';

const args = process.argv.slice(2);
sayInterrupted(args);
process.exitCode = await run(args);
