/** What became of a partner's event, in words, for people; undefined: not yet, try again later. */
export type Outcome = string | undefined;
