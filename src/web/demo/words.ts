import type { Architecture, ChaosKind, Told } from '../../server/api/contract-demo.ts';
import type { Fate } from './balance.ts';

/** What the buttons of the chaos panel do: to begin it, and to end it where it goes on. */
export const chaosButtons: Readonly<
  Record<ChaosKind, { readonly begin: string; readonly end: string }>
> = {
  'slow-feed': { begin: 'Slow the feeds down', end: 'Let them answer' },
  'corrupt-file': { begin: 'Send a corrupt file', end: 'End it' },
  'full-disk': { begin: 'Fill the disk', end: 'Free the disk' },
  'killed-encoder': { begin: 'Kill an encoder', end: 'End it' },
  'poison-job': { begin: 'Send a poison job', end: 'End it' },
  'payments-down': { begin: 'Stop the provider', end: 'Start the provider' },
  'kill-all-three': { begin: 'Kill all three', end: 'End it' },
};

/** Kinds of the story in words, with the look of their mark. */
export const toldKinds: Readonly<
  Record<
    Told['kind'],
    { readonly word: string; readonly look: 'change' | 'deploy' | 'back' | 'trouble' | 'person' }
  >
> = {
  committed: { word: 'Commit', look: 'change' },
  merged: { word: 'Merge', look: 'change' },
  built: { word: 'Build', look: 'change' },
  deployed: { word: 'Deploy', look: 'deploy' },
  'rolled-back': { word: 'Rollback', look: 'back' },
  reverted: { word: 'Revert', look: 'back' },
  chaos: { word: 'Chaos', look: 'trouble' },
  support: { word: 'Support', look: 'person' },
};

/** How an architecture is built, in a sentence. */
export const builtAs: Readonly<Record<Architecture['name'], string>> = {
  'one-program': 'One process, one loop: it reads the feed, encodes, publishes, and remembers.',
  threads: 'One process, several threads, and a queue in its memory between them.',
  processes: 'Separate processes, and a queue in a database between them. This is the Newsroom.',
};

/** What became of clips, in words. */
export const fates: Readonly<Record<Fate, string>> = {
  done: 'done',
  dead: 'put aside',
  inProgress: 'in progress',
  waiting: 'waiting',
  lost: 'lost',
  unseen: 'not to be seen',
};

/** What the numbers of the page mean. */
export const definitions = [
  ['Imported', 'Clips that it took in from the feeds. All three read the same feeds.'],
  ['Waiting, in progress', 'As it tells of itself. “–”: it has no way to tell.'],
  ['Done', 'Clips that came out, each counted once.'],
  [
    'Put aside',
    'Clips that could not be made, with a reason that can be read: dead jobs of the queue.',
  ],
  [
    'Lost',
    'Clips that the feeds gave and that will not come out any more: later ones of the same feed are out. Found by comparing what came out with all that the feeds gave, not by asking it; so it also finds what it missed while it was down.',
  ],
  ['Twice', 'Clips that came out more than once.'],
  ['Restarts', 'How often its process was started again after it was killed or ended.'],
  [
    'Not to be seen',
    'What is missing in imported = done + put aside + in progress + waiting + lost: nobody can tell from outside where those clips are.',
  ],
  [
    'Asked, running',
    'Asked: your wish is an event on the log, and the demo has not acted on it yet. Running: it was really done.',
  ],
] as const;
