import { isAuthor } from '../author.ts';
import type { DeployRecord } from '../record.ts';
import { list } from '../list.ts';
import type { Asking, Words } from './asking.ts';

/** What people have to say before. */
export function consentWords(rule: 'acknowledgement' | 'approval'): (asking: Asking) => Words {
  return rule === 'approval' ? approvalWords : acknowledgementWords;
}

/** "If your code includes changes of others that are not deployed, ask them first." */
function acknowledgementWords({ question, knowledge, policy, deploy }: Asking): Words {
  if (policy.acknowledgements === 'off') return [];
  const objected = (deploy?.opinions ?? []).filter(({ says }) => says === 'objected');
  const id = question.id ?? 'ID';
  const silent = silentAuthors(deploy, knowledge.authors ?? deploy?.authors ?? [], question.by);
  return [
    ...objected.map(({ by, text = '' }) => ({
      word: 'waits' as const,
      reason: `${by} objects: ${text}`,
      by,
      lifts: `${by} takes it back: territory deploy acknowledge ${id}`,
    })),
    ...(silent.length === 0
      ? []
      : [
          {
            word: policy.acknowledgements === 'require' ? ('waits' as const) : ('warns' as const),
            reason: `commits of ${list(silent)} go out too, and ${silent.length === 1 ? 'that one has' : 'they have'} not said that it is fine`,
            lifts: `they or a gatekeeper: territory deploy acknowledge ${id}`,
          },
        ]),
  ];
}

/** The authors who have said nothing, without the one who asks. */
export function silentAuthors(
  deploy: DeployRecord | undefined,
  authors: DeployRecord['authors'],
  asking: string,
): string[] {
  const opinions = deploy?.opinions ?? [];
  if (opinions.some(({ says, gatekeeper }) => gatekeeper && says === 'acknowledged')) return [];
  return authors
    .map(({ author }) => author)
    .filter((author) => !isAuthor(author, asking))
    .filter((author) => opinions.every(({ by }) => !isAuthor(author, by)));
}

/** Four eyes: the asking one does not count, nor an approval of another artefact. */
function approvalWords({ question, knowledge, policy, deploy }: Asking): Words {
  const { approvals: needed } = policy;
  if (needed === 0) return [];
  const digest = knowledge.artefact.digest ?? deploy?.digest;
  const given = (deploy?.approvals ?? []).filter(({ by }) => by !== question.by);
  const good = given.filter((one) => one.digest === digest);
  if (good.length >= needed) return [];
  const died = given.length > good.length ? '; the artefact changed since it was approved' : '';
  const missing = needed - good.length;
  return [
    {
      word: 'waits',
      reason: `${missing} more ${missing === 1 ? 'gatekeeper approves' : 'gatekeepers approve'} before it goes to ${question.environment}${died}`,
      lifts: `a gatekeeper other than ${question.by}: territory deploy approve ${question.id ?? 'ID'}`,
    },
  ];
}
