/** The four frames of the map, as they stand on the page: left above, left below, right above, right below. */
export const quadrants = ['development', 'pipeline', 'production', 'support'] as const;
export type Quadrant = (typeof quadrants)[number];

/** What an edge means. `hard`, `soft` and `member` carry health from the needed to who needs it. */
export const edgeKinds = ['flow', 'hard', 'soft', 'member', 'escalation'] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/** Where something is declared: 1-based, in a file as it is named in messages. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Bounds of a metric of a node, in the range grammar of Nagios plugins ("Threshold and Ranges"). */
export interface Limit {
  /** Name of the metric. */
  readonly metric: string;
  /** Outside of it the node is degraded; e.g. `500`, `10:`, `@5:10`. */
  readonly warning?: string;
  /** Outside of it the node is down. */
  readonly critical?: string;
}

/** By what events name a node. Each may end in `*`. What is left out is not looked at. */
export interface NodeNames {
  /** `service.name` */
  readonly service?: string;
  /** `service.namespace` */
  readonly namespace?: string;
  /** `deployment.environment.name` */
  readonly environment?: string;
  /** `host.name` */
  readonly host?: string;
  /** CloudEvents `source`. */
  readonly source?: string;
  /** CloudEvents `subject`, or the id of the subject of a CDEvent. */
  readonly subject?: string;
  /** `vcs.repository.url.full`, without scheme and `.git`. */
  readonly repository?: string;
  /** Name of a check. */
  readonly check?: string;
}

/** How many of it should run: so many instances, or what two metrics say. */
export type Replicas =
  | { readonly desired: number }
  | { readonly desiredMetric: string; readonly availableMetric: string };

export interface MapNode {
  readonly id: string;
  readonly quadrant: Quadrant;
  /** `app`, `database`, `step`, …: what it is drawn as. */
  readonly kind: string;
  /** As people call it; the id where nothing else is said. */
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  /** Nodes of one group are drawn as one until they are expanded. */
  readonly group?: string;
  /** Always in the first row of its quadrant. */
  readonly anchor: boolean;
  /** Pinned: left upper corner within its quadrant, px. */
  readonly at?: { readonly x: number; readonly y: number };
  readonly names: NodeNames;
  readonly supplier?: string;
  readonly runbook?: string;
  /** It is released: deployments are expected. */
  readonly release: boolean;
  readonly roles: readonly string[];
  readonly rota?: string;
  readonly members?: number;
  readonly mix: Readonly<Record<string, number>>;
  /** Limit of work in progress of a step. */
  readonly wip?: number;
  readonly replicas?: Replicas;
  readonly limits: readonly Limit[];
  /** Evidence without a ttl of its own is stale after this, ms. */
  readonly freshFor?: number;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly place: Place;
}

export interface MapEdge {
  /** `shop=>orders-db`; the same for the same declaration. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Of a `member`: the group that it is a member of. */
  readonly group?: string;
  /** Of an escalation: after so long, ms. */
  readonly after?: number;
  readonly place: Place;
}

/** `from` needs `need` of the members. */
export interface MapGroup {
  /** `lb=>web/*` */
  readonly id: string;
  readonly from: string;
  readonly members: readonly string[];
  readonly need: number;
  /** As declared: `web/*`. */
  readonly text: string;
  readonly place: Place;
}

/** What must be true of a measure for a process to be observed as working. */
export interface Sli {
  /** e.g. `rate(order.placed)`, in the grammar of docs/formats/map.md */
  readonly measure: string;
  /** e.g. `> 0.5 of same hour last week` */
  readonly ok: string;
  /** Outside of it the process is down and not only degraded; same grammar. */
  readonly down?: string;
}

/** A key business process and what it needs. */
export interface MapProcess {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly owner?: string;
  /** 1 is the most critical. */
  readonly criticality: number;
  /** Of nodes or of other processes. Members of n-of-m needs stand in `groups` with the process as `from`. */
  readonly needs: readonly { readonly id: string; readonly kind: 'hard' | 'soft' }[];
  readonly sli?: Sli;
  /** By what events (checks, alerts) name it. */
  readonly names: NodeNames;
  readonly place: Place;
}

/** Which events mark a moment in a stage: `service.deployed[env=production,outcome=pass]`. */
export interface EventPattern {
  /** Subject and predicate of a CDEvent type, `*` for any. */
  readonly subject: string;
  readonly predicate: string;
  /** Every one must hold. */
  readonly where: readonly { readonly field: string; readonly values: readonly string[] }[];
  readonly text: string;
}

export interface Stage {
  readonly id: string;
  readonly title: string;
  /** Node at which the work is. */
  readonly node: string;
  /** Only the first stage needs one; the others are entered when the one before is left. */
  readonly enter: readonly EventPattern[];
  readonly exit: readonly EventPattern[];
  /** Work is being done between these. */
  readonly active: readonly { readonly start: EventPattern; readonly end: EventPattern }[];
  readonly place: Place;
}

/** Work that comes back: the item goes on, and the stage that made it is counted as not accurate. */
export interface BackEdge {
  readonly on: EventPattern;
  /** Stage whose work was not good enough. */
  readonly blames: string;
}

export interface ValueStream {
  readonly id: string;
  readonly title: string;
  readonly item: 'change' | 'incident' | 'case' | 'card';
  readonly stages: readonly Stage[];
  /** Beside those that are built in for the kind of item. */
  readonly back: readonly BackEdge[];
  readonly place: Place;
}

/** Keys that a binding compares, in the words of events. */
export const bindingKeys = [
  'service.name',
  'service.namespace',
  'deployment.environment',
  'host.name',
  'source',
  'subject',
  'repository',
  'check',
] as const;
export type BindingKey = (typeof bindingKeys)[number];

/** How events find nodes: all keys must fit; the first binding that finds a node wins. */
export interface Binding {
  /** Values are patterns: `{node.service}`, `builder/*`, or both together. */
  readonly match: Readonly<Partial<Record<BindingKey, string>>>;
  /** A node that it always leads to; left out: the node of whose names the pattern speaks. */
  readonly node?: string;
  readonly place: Place;
}

/** The map as it is declared: `map.yaml` and what it imports, checked. */
export interface MapModel {
  readonly title: string;
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly edges: readonly MapEdge[];
  readonly groups: readonly MapGroup[];
  readonly processes: ReadonlyMap<string, MapProcess>;
  readonly streams: readonly ValueStream[];
  readonly bind: readonly Binding[];
  /** Declared but not seen for longer is told of, ms. */
  readonly staleAfter: number;
  /** Of the content, not of how it is written: the same map has the same hash. 16 hexadecimal digits. */
  readonly hash: string;
}

/** What is wrong with a declaration. */
export interface MapFault extends Place {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** A map without anything on it: what there is before one was written. */
export const emptyMap: MapModel = {
  title: '',
  nodes: new Map(),
  edges: [],
  groups: [],
  processes: new Map(),
  streams: [],
  bind: [],
  staleAfter: 7 * 86_400_000,
  hash: '',
};
