import type { Body } from './body.ts';
import { essential } from './essential.ts';
import { type Part, cdevent, custom } from './fact.ts';
import { pipelinePart } from './forge.ts';
import type { Item, Product, Row } from './product.ts';
import { plainUrl } from './repository.ts';
import { tokenInAddress } from './signature.ts';

/** The instance: the address of the build without the path of the job. */
function sourceOf(body: Body): string | undefined {
  const full = body.text('build.full_url');
  const path = body.text('build.url');
  if (full === undefined || path === undefined || !full.endsWith(path)) return undefined;
  return plainUrl(full.slice(0, full.length - path.length));
}

function runPart(finished: boolean) {
  return ({ body }: Item): Part => {
    const build = body.at('build');
    const scm = build.text('scm.url');
    const number = build.text('number') ?? 'unknown';
    const part = pipelinePart(
      {
        id: build.first('full_url', 'url') ?? `${body.text('name') ?? ''}/${number}`,
        name: body.first('display_name', 'name') ?? 'job',
        url: build.text('full_url'),
        result: finished ? build.text('status') : undefined,
        revision: build.text('scm.commit'),
        branch: build.text('scm.branch')?.replace(/^(refs\/heads\/|origin\/)/, ''),
      },
      finished,
    );
    return {
      ...part,
      subject: `pipelinerun/${body.first('name', 'display_name') ?? 'job'}/${number}`,
      attributes: {
        ...part.attributes,
        'vcs.repository.url.full': scm === undefined ? undefined : plainUrl(scm),
      },
    };
  };
}

const event = 'build';
const rows: readonly Row[] = [
  { event, actions: ['queued'], type: cdevent('pipelinerun.queued'), part: runPart(false) },
  { event, actions: ['started'], type: cdevent('pipelinerun.started'), part: runPart(false) },
  {
    event,
    actions: ['completed'],
    type: custom('jenkins', 'build', 'completed'),
    part: runPart(true),
  },
  { event, actions: ['finalized'], type: cdevent('pipelinerun.finished'), part: runPart(true) },
];

/**
 * Jenkins by its Notification plugin: plugins.jenkins.io/notification. A build is over when it is
 * finalized: steps behind the build can still change its result after it is completed.
 */
export const jenkins: Product = {
  title: 'Jenkins (Notification plugin)',
  tool: 'jenkins',
  proof: '`?token=` in the address, or its user and password',
  verify: tokenInAddress,
  secretFrom: 'here',
  idOf: ({ body }) => {
    const url = body.text('build.full_url');
    return url === undefined ? undefined : `${url}#${body.text('build.phase') ?? ''}`;
  },
  items: (delivery) => [
    {
      event,
      action: delivery.body.text('build.phase')?.toLowerCase() ?? '',
      body: delivery.body,
      delivery,
    },
  ],
  about: ({ body }) => {
    const source = sourceOf(body);
    return {
      ...(source !== undefined && { source }),
      subject: `build/${body.text('name') ?? 'job'}/${body.text('build.number') ?? 'unknown'}`,
      time: body.time('build.timestamp'),
      data: essential(body.value, new Set(['log', 'parameters', 'culprits', 'changes'])),
    };
  },
  rows,
};
