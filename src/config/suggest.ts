import { closestMatch } from 'leven';
import { quote } from './quote.ts';

/** A shorter word is part of too many other words to be useful. */
const SHORTEST_PART = 4;
const SHORTEST_BEGINNING = 3;

/** No known word is this long, so comparing only takes time. */
const LONGEST = 100;

type Guess = (lower: string, known: readonly string[]) => string | undefined;

/** The known word that `word` probably stands for, or undefined if none or several are possible. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const guesses: readonly Guess[] = [sameButCase, abbreviated, beginning, part, near];
  for (const guess of guesses) {
    const found = guess(word.toLowerCase(), known);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `Did you mean "Backfill"?`, or undefined without a suggestion. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const guess = suggest(word, known);
  return guess === undefined ? undefined : `Did you mean ${quote(guess)}?`;
}

const sameButCase: Guess = (lower, known) => known.find((candidate) => candidate.toLowerCase() === lower);

/** `TableName` for `Name`, `STANDARD_INFREQUENT_ACCESS` for `STANDARD_IA`: the word omits letters of the known word. */
const abbreviated: Guess = (lower, known) => {
  if (lower.length < SHORTEST_PART) return undefined;
  const fitting = known.filter((candidate) => hasLetters(candidate.toLowerCase(), lower));
  return fitting.length === 1 ? fitting[0] : undefined;
};

/** `TimeToLive` for `TimeToLiveSpecification`: the longest known word at the start of the word. */
const beginning: Guess = (lower, known) =>
  longest(known.filter((one) => one.length >= SHORTEST_BEGINNING && lower.startsWith(one.toLowerCase())));

/** `Tags` for `TableTags`: the longest known word anywhere in the word. */
const part: Guess = (lower, known) =>
  longest(known.filter((one) => one.length >= SHORTEST_PART && lower.includes(one.toLowerCase())));

/** Typing errors. Words of two letters are excluded: with one wrong letter they have too little in common. */
const near: Guess = (lower, known) => {
  if (lower.length < 3) return undefined;
  const maxDistance = lower.length < 5 ? 1 : lower.length < 9 ? 2 : 3;
  const byLower = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const match = closestMatch(lower, [...byLower.keys()], { maxDistance });
  return match === undefined ? undefined : byLower.get(match);
};

function longest(words: readonly string[]): string | undefined {
  return [...words].sort((a, b) => b.length - a.length)[0];
}

/** Whether `word` contains `letters` in this order, possibly with other letters between them. */
function hasLetters(word: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    from = word.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
