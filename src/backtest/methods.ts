import { methods } from '../core/methods/index.ts';
import { ownMethod } from './own.ts';
import { peers } from './peers/index.ts';
import type { Replay } from './replay.ts';

/** Every way to provision that a backtest knows, by name: Turntable's own methods, then what users could have instead. */
export const replays: Readonly<Record<string, Replay>> = {
  ...Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, ownMethod(method)])),
  ...peers,
};

/** The method that a spec scales by unless its settings say otherwise. */
export const defaultMethod = 'reactive';
