// Provisional: replaced by server/api/contract-rules.ts and contract-library.ts.
export interface PlanNode {
  readonly id: number;
  readonly op: string;
  readonly label: string;
  readonly inputs: readonly number[];
  readonly in: number;
  readonly out: number;
}
export interface RuleState {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly state: 'running' | 'warming' | 'stopped';
  readonly problem?: string;
  readonly eventsPerSecond: number;
  readonly matched: number;
  readonly late: number;
  readonly keys: number;
  readonly maxKeys: number;
  readonly failed: number;
  readonly nsPerEvent: number;
  readonly decisions: number;
  readonly lastDecision?: { readonly kind: string; readonly at: number; readonly title: string };
  readonly plan: { readonly nodes: readonly PlanNode[] };
}
export interface RuleFile {
  readonly file: string;
  readonly state: 'loaded' | 'rejected';
  readonly at: number;
  readonly error?: { readonly message: string; readonly line?: number; readonly column?: number };
}
export interface Rules {
  readonly directory: string;
  readonly files: readonly RuleFile[];
  readonly rules: readonly RuleState[];
}
