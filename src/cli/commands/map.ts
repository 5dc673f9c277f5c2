import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addMapCheck } from '../map/check.ts';
import { addMapDraft } from '../map/draft.ts';
import { addMapImport } from '../map/import.ts';
import { addMapRender } from '../map/render.ts';
import { addMapShow } from '../map/show.ts';
import { addMapSimulate } from '../map/simulate.ts';
import { addMapTimes } from '../map/times.ts';

/** Adds `territory map check|show|draft|import|simulate|times|render`. */
export function addMap(program: Command, context: Context): void {
  const parent = program
    .command('map')
    .summary('Check, see and draw the map.')
    .description(
      'Check the map as it is declared, see how it is and because of what, and draw it from what was seen.',
    );
  addMapCheck(parent, context);
  addMapShow(parent, context);
  addMapDraft(parent, context);
  addMapImport(parent, context);
  addMapSimulate(parent, context);
  addMapTimes(parent, context);
  addMapRender(parent, context);
}
