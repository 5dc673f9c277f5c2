/** What a fact means for an item of a stream. */
export type Role =
  /** It came to the stage. */
  | 'enter'
  /** It was handed on from the stage. */
  | 'exit'
  /** Work on it began, and ended. */
  | 'start'
  | 'end'
  /** It came back: what was handed on was not good enough. */
  | 'return'
  /** What came back is taken up again. */
  | 'again'
  /** Who received it looked at it: it could have come back. */
  | 'judged'
  /** What ran in an environment was taken back: items are told by where it ran, as returns. */
  | 'rollback'
  /** It was given up. */
  | 'stop';
