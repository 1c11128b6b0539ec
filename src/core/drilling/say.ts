import { sayInstant } from '../calendar/instant.ts';
import type { Source } from './record.ts';

/** `USD 1.66`, or `less than USD 0.01`. */
export const sayUsd = (usd: number): string =>
  usd > 0 && usd < 0.01 ? 'less than USD 0.01' : `USD ${usd.toFixed(2)}`;

export const sayKind = ({ archive }: Pick<Source, 'archive'>): string =>
  archive ? 'the export' : 'the backup';

/** `the backup final of production.Events.20261121 from 2026-11-24 03:35 UTC`. */
export const saySource = (source: Source): string =>
  `${sayKind(source)} ${source.name} of ${source.table} from ${sayInstant(source.createdAt)}`;
