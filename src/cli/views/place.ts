import { style, visible } from './text.ts';

/** What is known of the region and the account of a fleet. */
export interface KnownPlace {
  readonly region?: string | undefined;
  readonly account?: string | null | undefined;
}

/** `production (eu-west-1, account 123456789012)`: what a heading is about. */
export function viewPlace(subject: string, { region, account }: KnownPlace): string {
  const name = style.heading(visible(subject));
  if (region === undefined) return name;
  return `${name} (${visible(region)}, account ${visible(account ?? 'unknown')})`;
}
