import type { Learner, Method } from './method.ts';
import { reactive } from './reactive.ts';
import { riding } from './riding/index.ts';
import type { Memory } from './riding/memory.ts';

/** Methods by the name that settings call them. */
export const methods: Readonly<Record<string, Method>> = { reactive };

/** Methods that learn; so far the backtest runs them. */
export const learners: Readonly<Record<string, Learner<Memory>>> = { riding };
