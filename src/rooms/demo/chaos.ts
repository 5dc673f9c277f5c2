/** What can be done to the company on purpose. */
export const chaosKinds = [
  'slow-feed',
  'corrupt-file',
  'full-disk',
  'killed-encoder',
  'poison-job',
  'payments-down',
  'kill-all-three',
] as const;

/** Names one kind of chaos. */
export type ChaosKind = (typeof chaosKinds)[number];

/** A kind of chaos in words. */
export interface ChaosWords {
  readonly title: string;
  /** What is really done. */
  readonly description: string;
  /** What should be seen because of it. */
  readonly expect: string;
  /** It goes on until its end is asked for, or its time is over; the others happen once. */
  readonly lasts: boolean;
}

/** In the order in which they are offered. */
export const chaosWords: Readonly<Record<ChaosKind, ChaosWords>> = {
  'slow-feed': {
    title: 'Slow feed',
    description:
      'The feeds answer each request only after some seconds, longer than the importer waits.',
    expect:
      'Polls of the feeds fail, new clips come late or not at all; what is in the queue goes on.',
    lasts: true,
  },
  'corrupt-file': {
    title: 'Corrupt file',
    description: 'The next clip that a feed offers has broken content.',
    expect: 'Its jobs fail with a reason and end as dead; every other clip is published.',
    lasts: false,
  },
  'full-disk': {
    title: 'Full disk',
    description:
      'The store of production is given less room than it has taken: whatever wants to write more is refused.',
    expect:
      'Encoders refuse work and say why, the queue grows, nothing half-written appears; it drains when there is room again.',
    lasts: true,
  },
  'killed-encoder': {
    title: 'Killed encoder',
    description: 'One of the two encoders of production gets SIGKILL in the middle of its work.',
    expect:
      'Its job comes back when its lease is over, the runner starts the encoder again; no clip is lost, none comes twice.',
    lasts: false,
  },
  'poison-job': {
    title: 'Poison job',
    description: 'The next clip that a feed offers kills each encoder that takes it.',
    expect:
      'After three deaths the job is put aside as dead, and the encoders go on with the others.',
    lasts: false,
  },
  'payments-down': {
    title: 'Payment provider down',
    description: 'The process of the payment provider is ended.',
    expect:
      'Orders are refused with a reason, searching goes on; the process of ordering is at risk because of payments.',
    lasts: true,
  },
  'kill-all-three': {
    title: 'Kill all three architectures',
    description:
      'The one big program, the threads, and one encoder of the processes get SIGKILL at the same moment.',
    expect:
      'Two of them lose what they held in memory and can not tell what; the third delays one job.',
    lasts: false,
  },
};

/** The kind of this name; undefined where there is none. */
export function chaosNamed(name: string | undefined): ChaosKind | undefined {
  return chaosKinds.find((kind) => kind === name);
}
