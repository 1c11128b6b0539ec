import { isPrices, isSettings, isTables } from '../generated/conforms.ts';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';

/** Whether a value conforms to the schema of a file. Compiled beforehand, because that takes longer than everything else a run starts with. */
const conforms = { tables: isTables, prices: isPrices, settings: isSettings };

/** The violations of the schema in a document that does not conform to it. */
export type Explain = (document: Document, kind: keyof typeof conforms) => Finding[];

/** The violations of the schema in a document. Only those who have to tell them need an `explain` that can say what is wrong. */
export const validate = (document: Document, kind: keyof typeof conforms, explain: Explain): Finding[] =>
  conforms[kind](document.value) ? [] : explain(document, kind);
