import type { Notices } from '../generated/settings.ts';

/** What a notice is about: the kinds of the history that runs add. */
export type NoticeKind = Notices[number];

/** A message for the people who subscribe to the topic of an environment. */
export interface Notice {
  /** ASCII, at most 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly subject: string;
  /** At most 262,144 bytes with `types`: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly message: string;
  /** Its kinds, each once, by which subscriptions filter. */
  readonly types: readonly NoticeKind[];
}

const LONGEST_SUBJECT = 100;

/** A subject that SNS accepts. Names of environments and groups are ASCII. */
export const subjectOf = (environment: string, what: string): string =>
  `Turntable ${environment}: ${what}`.slice(0, LONGEST_SUBJECT);
