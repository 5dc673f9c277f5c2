import type { Draft } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import type { Release } from './artefact/release.ts';

/** The source of the facts about artefacts. */
export const artefactsSource = 'territory/artefacts';

const publishedType = 'dev.cdevents.artifact.published.0.3.0';
const refusedType = 'dev.cdeventsx.territory-artifact.refused.0.1.0';

/** As package-url; facts about deploys name it like this too. */
const artifactId = (app: string, version: string): string =>
  `pkg:generic/${encodeURIComponent(app)}@${encodeURIComponent(version)}`;

/**
 * That a version is in the store of the server: the CDEvent, its id the same whenever it is said, so
 * that it is on the log once. Pure.
 *
 * @param time ms since the epoch, UTC
 */
export function publishedFact(release: Release, actor: string, time: number): Draft {
  const { app, version, digest, source } = release;
  const id = ['published', app, version, digest].map(encodeURIComponent).join('/');
  const subject = artifactId(app, version);
  return {
    id,
    time,
    type: publishedType,
    subject,
    service: app,
    attributes: defined({
      ...about(release),
      actor,
    }) as Record<string, string>,
    data: {
      context: {
        specversion: '0.5.1',
        id,
        source: artefactsSource,
        type: publishedType,
        timestamp: new Date(time).toISOString(),
      },
      subject: { id: subject, content: { user: actor } },
      customData: {
        digest,
        files: release.files.length,
        bytes: release.files.reduce((sum, { size }) => sum + size, 0),
        builtAt: source.builtAt,
        builtBy: source.builtBy,
        reversible: release.reversible.value,
      },
    },
  };
}

/**
 * That a version was refused since its tag names another commit now. Pure.
 *
 * @param time ms since the epoch, UTC
 */
export function movedFact(
  release: Release,
  { was, actor, time }: { readonly was: string; readonly actor: string; readonly time: number },
): Draft {
  const { app, version, source } = release;
  const reason = `the tag ${version} named ${was} before, and names ${source.commit} now`;
  return {
    id: ['moved', app, version, source.commit].map(encodeURIComponent).join('/'),
    time,
    type: refusedType,
    subject: artifactId(app, version),
    service: app,
    attributes: defined({
      'artifact.id': artifactId(app, version),
      'service.version': version,
      'vcs.repository.url.full': source.repo,
      actor,
      rule: 'moved',
      reason,
    }) as Record<string, string>,
    data: { reason, was, is: source.commit },
  };
}

function about({ app, version, digest, source }: Release): Record<string, string | undefined> {
  return {
    'artifact.id': artifactId(app, version),
    'artifact.digest': digest,
    'service.version': version,
    'vcs.ref.head.revision': source.commit,
    'vcs.ref.head.name': source.tag ?? undefined,
    'vcs.ref.head.type': source.tag === null ? undefined : 'tag',
    'vcs.repository.url.full': source.repo,
  };
}
