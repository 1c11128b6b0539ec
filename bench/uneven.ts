/**
 * Bursts within minutes that burst capacity does not serve, second by second: what is throttled, and what that costs. Writes the
 * table of docs/capacity.md: `node bench/uneven.ts`.
 */
import { unevenCells, unevenWorlds } from '../test/support/uneven.ts';
import { markdown, place } from './capacity-page.ts';

const METHODS = ['predictive', 'target-tracking-70'];

const rows = [
  ['bursts', ...METHODS.flatMap((method) => [`${method}, first hour`, 'later'])],
  ...unevenWorlds.map((world) => [world.name, ...METHODS.flatMap((method) => unevenCells(world, method))]),
];
place({ 'bursts within minutes': markdown(rows) }, false);
