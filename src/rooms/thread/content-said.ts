import { closedBy } from './commit-said.ts';
import type { Edge } from './edge.ts';
import {
  artifactKey,
  changeKey,
  commitKey,
  digestKey,
  idKey,
  isWholeSha,
  plainName,
  tagKey,
  ticketKey,
} from './names.ts';
import { type Said, recordIn } from './said.ts';
import { type Key, kindOf, nameOf } from './thing.ts';

/** What the content of a CDEvent's subject names (cdevents.dev, 0.3 to 0.6). */
export function contentKeys({ content, subject, place }: Said): Key[] {
  const id = (name: string): string | undefined => plainName(recordIn(content, name)['id']);
  const keys: (Key | undefined)[] = [
    artifactKey(content['artifactId']),
    idKey('build', id('pipelineRun'), place),
    idKey('task', id('testSuiteRun') ?? id('testCaseRun'), place),
    // The change that an artefact was made of: the number of one, or the commit itself.
    commitKey(id('change')) ?? changeKey(id('change'), place),
    subject === 'incident' ? ticketKey(content['ticketURI'], place) : undefined,
  ];
  return keys.filter((key) => key !== undefined);
}

/** Other names of what the fact is about, and what its words close. */
export function contentEdges(said: Said, about: Key): Edge[] {
  const { content, attributes, data, place } = said;
  if (kindOf(about) === 'ticket') {
    const address = ticketKey(content['uri'], place);
    return address === undefined || address === about
      ? []
      : [{ from: about, to: address, kind: 'same' }];
  }
  if (kindOf(about) !== 'change') return [];
  const custom = recordIn(data, 'customData');
  const request = recordIn(custom, 'pull_request');
  const texts = [
    attributes['vcs.change.title'],
    content['description'],
    request['body'],
    recordIn(custom, 'object_attributes')['description'],
  ];
  return texts.flatMap((text) => (typeof text === 'string' ? closedBy(text, about, place) : []));
}

/** An artefact by its digest alone, and the commit or tag that a package-url of a repository names. */
export function artifactEdges(artifact: Key, repository: string | undefined): Edge[] {
  const digest = digestKey(artifact);
  if (digest !== undefined)
    return digest === artifact ? [] : [{ from: artifact, to: digest, kind: 'same' }];
  const from = revisionIn(nameOf(artifact), repository);
  return from === undefined ? [] : [{ from, to: artifact, kind: 'packaged' }];
}

/** purl-spec, types github, bitbucket, generic: the version is a commit or a tag. */
function revisionIn(purl: string, repository: string | undefined): Key | undefined {
  const [, path, version = ''] =
    /^pkg:(?:github|bitbucket|generic)\/([^@]+)@([^@]+)$/.exec(purl) ?? [];
  if (path === undefined) return undefined;
  if (isWholeSha(version)) return commitKey(version);
  return repository?.endsWith(path.toLowerCase()) === true
    ? tagKey(version, repository)
    : undefined;
}
