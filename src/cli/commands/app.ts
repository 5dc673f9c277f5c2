import type { Command } from 'commander';
import { addAppBundle } from '../app/bundle.ts';
import type { Context } from '../context.ts';

/** Adds `territory app bundle`. */
export function addApp(program: Command, context: Context): void {
  const parent = program
    .command('app')
    .summary('Make what an application needs around it.')
    .description(
      'Declared once in territory.yaml: checks, sources, alerts, load balancer, map, charts.',
    );
  addAppBundle(parent, context);
}
