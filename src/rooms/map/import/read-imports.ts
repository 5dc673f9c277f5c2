import type { MapFault } from '../model.ts';
import { readYaml } from '../code/yaml-text.ts';
import { isBackstage, readBackstage } from './backstage.ts';
import type { ImportedFile, ImportedMap, Ref } from './imported.ts';
import { linkImports } from './link.ts';
import { Loose } from './loose.ts';
import { isTerritoryYaml, readTerritoryYaml } from './territory-yaml.ts';

/**
 * What files say about the map: Backstage's catalog-info.yaml and applications' territory.yaml,
 * told apart by their content. `files` has their texts by the path that messages name. Never throws.
 */
export function readImports(files: ReadonlyMap<string, string>): ImportedMap {
  return linkImports([...files].map(([file, text]) => readFile(file, text)));
}

function readFile(file: string, text: string): ImportedFile {
  const { reader, documents } = readYaml(file, text);
  const parts = documents.flatMap((document) => {
    reader.document = document;
    const top = new Loose(reader, document.contents, document.range[0]);
    if (!top.exists) return [];
    if (isBackstage(top)) return [readBackstage(top)];
    if (isTerritoryYaml(top)) return [readTerritoryYaml(top)];
    top.error(notKnown);
    return [];
  });
  const faults: MapFault[] = [...reader.faults];
  if (documents.length > 0 && parts.length === 0 && faults.length === 0)
    faults.push({
      severity: 'warning',
      message: 'nothing to import is in here',
      ...reader.place(0),
    });
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
    provides: parts.flatMap(({ provides }) => provides),
    titles: new Map<Ref, string>(parts.flatMap(({ titles }) => [...titles])),
    faults,
  };
}

const notKnown =
  'what is imported is a catalog-info.yaml of Backstage (apiVersion, kind, metadata) or the territory.yaml of an application (app, needs)';
