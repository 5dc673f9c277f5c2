/** Exit codes of every command. Scripts rely on them: a number never changes its meaning. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  badInput: 2,
  unreachable: 3,
  notAllowed: 4,
  partly: 5,
  startRefused: 6,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each code means, in the order of the table in docs/reference/cli.md. */
export const exitCodeMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [0, 'Done. Also when the reader of a pipe went away (`head` behind a pipe).'],
  [
    1,
    'Failed: the server answered with an error, `doctor` found something wrong, or a scenario of `test` failed.',
  ],
  [
    2,
    'Wrong usage or bad input: a flag, a query, a file or an event is not right. Of a release or a deploy: refused by a rule, or by its checks.',
  ],
  [
    3,
    'The server can not be reached, or did not answer in time. Of a release: its build failed. Of a deploy: it failed, was rolled back or cancelled.',
  ],
  [
    4,
    'Not allowed: no token, a wrong token, or one without the right (401, 403). Of `where`: unknown or contradicted. Of a deploy: lost or unknown. Of `release verdict`: not enough evidence yet.',
  ],
  [
    5,
    'Partly done: some events were refused, the others were taken. Of `test`: no scenario failed, and some could not be seen.',
  ],
  [6, '`serve` refused to start: its configuration, data directory or address.'],
  [130, 'Interrupted with Ctrl-C.'],
  [143, 'Ended by SIGTERM (`serve` drains and ends with 0).'],
];
