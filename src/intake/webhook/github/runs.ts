import type { Body } from '../body.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import { type Run, pipelinePart, taskPart } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import type { Like } from './about.ts';

/** Runs of workflows and their jobs, and what other CI systems report as checks. */
export function runRows(like: Like): Row[] {
  return [...workflowRows(), ...jobRows(like), ...suiteRows(like), ...checkRows(like)];
}

function runOf(run: Body, change = 'pull_requests.0.number'): Run {
  return {
    id: run.text('id') ?? 'unknown',
    name: run.first('name', 'display_title', 'app.name', 'app.slug') ?? 'run',
    url: run.first('html_url', 'details_url'),
    result: run.text('conclusion'),
    revision: run.text('head_sha'),
    branch: run.first('head_branch', 'check_suite.head_branch'),
    change: run.text(change),
  };
}

function workflowRows(): Row[] {
  const event = 'workflow_run';
  const part =
    (finished: boolean) =>
    ({ body }: Item): Part =>
      pipelinePart(runOf(body.at(event)), finished);
  return [
    {
      event,
      actions: ['requested'],
      type: cdevent('pipelinerun.queued'),
      part: part(false),
    },
    { event, actions: ['in_progress'], type: cdevent('pipelinerun.started'), part: part(false) },
    { event, actions: ['completed'], type: cdevent('pipelinerun.finished'), part: part(true) },
  ];
}

function jobRows(like: Like): Row[] {
  const event = 'workflow_job';
  const part =
    (finished: boolean) =>
    ({ body }: Item): Part => {
      const job = body.at(event);
      return taskPart(runOf(job), finished, job.text('run_id'));
    };
  return [
    { event, actions: ['in_progress'], type: cdevent('taskrun.started'), part: part(false) },
    { event, actions: ['completed'], type: cdevent('taskrun.finished'), part: part(true) },
    ...['queued', 'waiting'].map((action) => ({
      event,
      actions: [action],
      type: custom(like, event, action),
      part: part(false),
    })),
  ];
}

/**
 * GitHub Actions tells of each run as a check suite and of each job as a check run as well; as runs
 * of a pipeline they would be there twice.
 */
const byActions = (item: Item): boolean =>
  [`${item.event}.app.slug`, 'check_run.check_suite.app.slug'].some(
    (path) => item.body.text(path) === 'github-actions',
  );

function suiteRows(like: Like): Row[] {
  const event = 'check_suite';
  const part =
    (finished: boolean) =>
    ({ body }: Item): Part =>
      pipelinePart(runOf(body.at(event)), finished);
  return [
    {
      event,
      when: ['of GitHub Actions', byActions],
      type: custom(like, event, 'reported'),
      part: part(true),
    },
    {
      event,
      actions: ['requested', 'rerequested'],
      type: cdevent('pipelinerun.queued'),
      part: part(false),
    },
    { event, actions: ['completed'], type: cdevent('pipelinerun.finished'), part: part(true) },
  ];
}

function checkRows(like: Like): Row[] {
  const event = 'check_run';
  const part =
    (finished: boolean) =>
    ({ body }: Item): Part => {
      const run = body.at(event);
      return taskPart(runOf(run), finished, run.text('check_suite.id'));
    };
  return [
    {
      event,
      when: ['of GitHub Actions', byActions],
      type: custom(like, event, 'reported'),
      part: part(true),
    },
    {
      event,
      actions: ['created'],
      type: cdevent('taskrun.started'),
      part: part(false),
    },
    { event, actions: ['completed'], type: cdevent('taskrun.finished'), part: part(true) },
  ];
}
