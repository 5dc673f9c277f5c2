// PLACEHOLDER of the lead until the real one is there: overwrite it.
import { parse } from 'yaml';
import { createHash } from 'node:crypto';
import { type MapEdge, type MapFault, type MapModel, emptyMap } from '../model.ts';
export const importsOf = (_: string): readonly string[] => [];
export function compileMap({ file, text }: { file: string; text: string; imported?: ReadonlyMap<string, string> }): { model: MapModel | undefined; faults: readonly MapFault[] } {
  const raw = parse(text) as any;
  const place = { file, line: 1, column: 1 };
  const nodes = new Map<string, any>();
  for (const [id, n] of Object.entries<any>(raw?.nodes ?? {})) {
    const { service, environment, host, source, check, ...rest } = n;
    nodes.set(id, { id, title: id, anchor: false, release: false, roles: [], mix: {}, limits: [], links: [], place, ...rest, names: Object.fromEntries(Object.entries({ service, environment, host, source, check }).filter(([, v]) => v !== undefined)) });
  }
  const edges: MapEdge[] = [];
  const groups: any[] = [];
  const kinds: any = { '->': 'flow', '=>': 'hard', '~>': 'soft', '^>': 'escalation' };
  for (const line of raw?.edges ?? []) {
    const m = /^(\S+) => (\S+) need (\d+)$/.exec(line);
    if (m) {
      const re = new RegExp(`^${m[2]!.replace('*', '.*')}$`);
      const members = [...nodes.keys()].filter((id) => re.test(id));
      const id = `${m[1]}=>${m[2]}`;
      groups.push({ id, from: m[1], members, need: Number(m[3]), text: m[2], place });
      for (const to of members) edges.push({ id: `${m[1]}=>${to}`, from: m[1]!, to, kind: 'member', group: id, place });
      continue;
    }
    const parts = String(line).replace(/ after \S+$/, '').split(/\s+/);
    for (let i = 0; i + 2 < parts.length; i += 2) {
      const [from, arrow, to] = [parts[i]!, parts[i + 1]!, parts[i + 2]!];
      if (!nodes.has(to)) return { model: undefined, faults: [{ ...place, line: 12, severity: 'error', message: `there is no node ${to}; did you mean mail?` }] };
      edges.push({ id: `${from}${arrow}${to}`, from, to, kind: kinds[arrow], place });
    }
  }
  const processes = new Map<string, any>();
  for (const [id, p] of Object.entries<any>(raw?.processes ?? {}))
    processes.set(id, { title: id, criticality: 1, names: {}, place, ...p, id, needs: (p.needs ?? []).map((n: string) => (n.startsWith('~') ? { id: n.slice(1), kind: 'soft' } : { id: n, kind: 'hard' })) });
  const model: MapModel = { ...emptyMap, nodes, edges, groups, processes, hash: createHash('sha256').update(JSON.stringify(raw ?? null)).digest('hex').slice(0, 16), bind: [{ match: { 'service.name': '{node.service}' }, place }, { match: { source: '{node.source}' }, place }] };
  return { model, faults: [] };
}
