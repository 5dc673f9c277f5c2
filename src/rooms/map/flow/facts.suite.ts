import type { Draft, Json } from '../../../event/event.ts';

const hour = 3_600_000;
const repository = { 'vcs.repository.url.full': 'https://github.com/acme/shop' };

/** Facts as forges, build servers and pagers send them, by the hours since a beginning. */
export class FactsFrom {
  readonly #begin: number;

  /** @param begin ms since the epoch */
  constructor(begin: number) {
    this.#begin = begin;
  }

  /** A commit as git tells it; written by its author before it was committed, if that is said. */
  commit(
    at: number,
    sha: string,
    parents: readonly string[] = [],
    { title = `Change ${sha.slice(0, 4)}`, written = at } = {},
  ): Draft {
    return {
      id: `commit/${sha}`,
      type: 'dev.cdeventsx.territory-commit.created.0.1.0',
      source: 'https://github.com/acme/shop.git',
      subject: `commit/${sha}`,
      time: this.#time(at),
      attributes: { ...repository, 'vcs.ref.head.revision': sha },
      data: {
        sha,
        parents,
        title,
        author: { name: 'Zoe', time: new Date(this.#time(written)).toISOString() },
      },
    };
  }

  /** A commit as a forge tells of a push: with its branch, without its parents. */
  pushed(at: number, sha: string, branch: string): Draft {
    const { attributes, ...rest } = this.commit(at, sha);
    return {
      ...rest,
      attributes: { ...attributes, 'vcs.ref.head.name': branch },
      data: { sha, title: 'Sums', ref: `refs/heads/${branch}` },
    };
  }

  /** A fact about a change; `head` is what it has, `merged` what it became. */
  change(
    at: number,
    what: string,
    number: number,
    {
      head,
      merged,
      state,
      title,
      branch,
    }: {
      readonly head?: string;
      readonly merged?: string;
      readonly state?: string;
      readonly title?: string;
      readonly branch?: string;
    } = {},
  ): Draft {
    const revision = merged ?? head;
    return this.cdevent(at, `change.${what}`, `change/acme/shop/${number}`, {
      ...(state !== undefined && { state }),
      attributes: {
        ...repository,
        'vcs.change.id': String(number),
        ...(title !== undefined && { 'vcs.change.title': title }),
        ...(branch !== undefined && { 'vcs.ref.head.name': branch }),
        ...(revision !== undefined && { 'vcs.ref.head.revision': revision }),
        ...(merged !== undefined && head !== undefined && { 'vcs.change.head.revision': head }),
      },
    });
  }

  /** `what` is `started` or the outcome. */
  run(at: number, what: string, id: string, sha: string): Draft {
    const outcome = what === 'started' ? undefined : what;
    return this.cdevent(
      at,
      `pipelinerun.${outcome === undefined ? 'started' : 'finished'}`,
      `pipelinerun/${id}`,
      {
        content: { pipelineName: 'build', ...(outcome !== undefined && { outcome }) },
        attributes: { ...repository, 'cicd.pipeline.run.id': id, 'vcs.ref.head.revision': sha },
      },
    );
  }

  packaged(at: number, artifact: string, run: string): Draft {
    return this.cdevent(at, 'artifact.packaged', artifact, {
      attributes: { 'cicd.pipeline.run.id': run },
    });
  }

  tested(at: number, id: string, artifact: string, outcome: string): Draft {
    return this.cdevent(at, 'testsuiterun.finished', `testsuiterun/${id}`, {
      content: { outcome, environment: { id: 'staging' } },
      attributes: { 'artifact.id': artifact },
    });
  }

  /** `deployed` or `rolledback`. */
  service(at: number, what: string, artifact: string, environment = 'production'): Draft {
    return this.cdevent(at, `service.${what}`, 'service/shop', {
      service: 'shop',
      environment,
      content: { environment: { id: environment }, artifactId: artifact },
    });
  }

  incident(at: number, what: string, id: string): Draft {
    const type = `dev.cdeventsx.pagerduty-incident.${what}.0.1.0`;
    const known = ['detected', 'resolved'].includes(what);
    const fact = this.cdevent(at, `incident.${what}`, `incident/${id}`, {
      content: { environment: { id: 'production' } },
      attributes: { 'incident.id': id },
    });
    return known ? fact : { ...fact, type, data: {} };
  }

  cdevent(
    at: number,
    what: string,
    subject: string,
    { content = {}, ...more }: Partial<Draft> & { readonly content?: Record<string, Json> } = {},
  ): Draft {
    // Two of one id would be one.
    const id = `${what}/${subject}@${at}/${JSON.stringify(content)}`;
    return {
      id,
      type: `dev.cdevents.${what}.0.3.0`,
      source: 'https://ci.example.org',
      subject,
      time: this.#time(at),
      ...more,
      data: {
        context: {
          specversion: '0.5.1',
          id,
          source: 'https://ci.example.org',
          type: `dev.cdevents.${what}.0.3.0`,
          timestamp: new Date(this.#time(at)).toISOString(),
        },
        subject: { id: subject, content },
      },
    };
  }

  #time(at: number): number {
    return Math.round(this.#begin + at * hour);
  }
}

/** A number as the name of a commit. */
export const shaOf = (letter: string, number: number): string =>
  `${letter}${number.toString(16).padStart(7, '0')}`.padEnd(40, letter);

export const imageOf = (number: number): string =>
  `pkg:oci/shop@sha256:${shaOf('d', number)}${'0'.repeat(24)}`;
