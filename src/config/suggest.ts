import { closestMatch } from 'leven';
import { quote } from './quote.ts';

/** Words shorter than this are inside too many others to say anything. */
const SHORTEST_PART = 4;

/** The known word that was probably meant by an unknown one; undefined where several or none come near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const lower = word.toLowerCase();
  const sameButCase = known.find((candidate) => candidate.toLowerCase() === lower);
  return sameButCase ?? near(lower, known) ?? partOf(lower, known) ?? containing(lower, known);
}

/** One character in three may be wrong, and at least one. */
function near(lower: string, known: readonly string[]): string | undefined {
  const maxDistance = Math.max(1, Math.floor(lower.length / 3));
  const byLower = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const match = closestMatch(lower, [...byLower.keys()], { maxDistance });
  // Of two letters, one wrong leaves nothing in common.
  return match !== undefined && lower.length > 2 ? byLower.get(match) : undefined;
}

/** `TimeToLive` for `TimeToLiveSpecification`: the longest known word inside. */
function partOf(lower: string, known: readonly string[]): string | undefined {
  return known
    .filter((candidate) => candidate.length >= SHORTEST_PART && lower.includes(candidate.toLowerCase()))
    .sort((a, b) => b.length - a.length)[0];
}

/** `TableName` for `Name`: the only known word that has it inside. */
function containing(lower: string, known: readonly string[]): string | undefined {
  if (lower.length < SHORTEST_PART) return undefined;
  const around = known.filter((candidate) => candidate.toLowerCase().includes(lower));
  return around.length === 1 ? around[0] : undefined;
}

export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const guess = suggest(word, known);
  return guess === undefined ? undefined : `Did you mean ${quote(guess)}?`;
}
