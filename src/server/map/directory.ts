import { join } from 'node:path';
import type { Config } from '../config/schema.ts';

/**
 * Where the map is declared: `map.file`, or `map/map.yaml` below the data directory. A directory of
 * its own, because it may import what lies beside it.
 */
export const mapFile = ({ data, map }: Pick<Config, 'data' | 'map'>): string =>
  map.file ?? join(data, 'map', 'map.yaml');
