import type { Method } from './method.ts';
import { reactive } from './reactive.ts';

/** Methods by the name that settings call them. */
export const methods: Readonly<Record<string, Method>> = { reactive };
