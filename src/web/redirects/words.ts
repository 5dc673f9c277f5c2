import type { RedirectFinding } from '../../server/api/contract-redirects.ts';

/** What each kind of finding is called. */
export const ruleWords: Readonly<Record<RedirectFinding['rule'], string>> = {
  form: 'form',
  scheme: 'scheme',
  canonical: 'not canonical',
  duplicate: 'twice',
  status: 'status',
  target: 'target',
  host: 'host',
  chain: 'chain',
  loop: 'loop',
  'ends-gone': 'ends at what is gone',
};

/** What the numbers of these pages mean. */
export const definitions = [
  ['Rows', 'One for each old address: where it leads, or that it is gone.'],
  ['Gone', 'Rows with a status of 400 and more; they lead nowhere, and say so.'],
  [
    'Findings',
    'What is wrong with the map as it is written. An error can not work as it is meant, such as a loop; a warning works, such as a chain of redirects, and should be looked at.',
  ],
  [
    'Holds',
    'What was seen when every row was asked for last: the status, and where a redirect leads. Nothing is followed. Rows that were imported since have not been asked for.',
  ],
  [
    'Not to be asked',
    'Rows whose address is not public from here. The environment’s “allow” in checks.yaml opens it.',
  ],
  [
    'Nobody asked for',
    'Rows without a single access event in that time. It is said of a host only if its access events have no gap: silence by itself proves nothing.',
  ],
  [
    'Asked for in vain',
    'Addresses on the hosts of the map that were answered with 404 and have no row.',
  ],
] as const;
