import type { PlacedEvent } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import type { RecordedChange } from '../../rooms/map/changes.ts';
import { compileMap } from '../../rooms/map/code/compile.ts';
import { type Declaration, mapFactOf } from '../../rooms/map/facts.ts';
import type { Health, HealthById } from '../../rooms/map/health.ts';
import { type MapModel, emptyMap } from '../../rooms/map/model.ts';
import type { MapRecording, RecordedVersion } from '../../rooms/map/recording.ts';
import type { MapHealth } from '../api/contract-map.ts';
import { readFacts } from '../thread/facts.ts';
import { healthView, nothingKnown } from './live/health-view.ts';
import { idsOf } from './live/map-state.ts';

/** Maps of the past that are kept compiled. */
const maxModels = 8;

/** The map as it was. */
export interface PastMap {
  readonly model: MapModel;
  readonly version: RecordedVersion | undefined;
  /** False: nothing was recorded at that time. */
  readonly recorded: boolean;
  readonly health: HealthById;
  readonly healthOf: (id: string) => MapHealth;
}

/** Answers how the map was at a moment, from the recording and the facts that it points to. */
export class Past {
  readonly #recording: MapRecording;
  readonly #log: Log;
  /** By the offset of the declaration, the one asked for longest ago first. */
  readonly #models = new Map<number, MapModel>();

  constructor(recording: MapRecording, log: Log) {
    this.#recording = recording;
    this.#log = log;
  }

  /** The map at a time, ms since the epoch. */
  async at(time: number): Promise<PastMap> {
    const version = this.#recording.versionAt(time);
    const model = version ? await this.modelOf(version) : emptyMap;
    const recorded = this.#recording.isRecorded(time);
    const health = recorded ? await this.#healthAt(model, time) : new Map<string, Health>();
    return {
      model,
      version,
      recorded,
      health,
      healthOf: (id) => {
        const since = recorded ? this.#recording.since(id, time) : undefined;
        return healthView(health.get(id) ?? nothingKnown, since);
      },
    };
  }

  /** The map that a version declared. */
  async modelOf({ offset }: RecordedVersion): Promise<MapModel> {
    const known = this.#models.get(offset);
    if (known) {
      this.#models.delete(offset);
      this.#models.set(offset, known);
      return known;
    }
    const model = modelIn((await readFacts(this.#log, [offset])).get(offset));
    this.#models.set(offset, model);
    const [oldest] = this.#models.keys();
    if (this.#models.size > maxModels && oldest !== undefined) this.#models.delete(oldest);
    return model;
  }

  async #healthAt(model: MapModel, time: number): Promise<Map<string, Health>> {
    const changes = idsOf(model).flatMap((id) => this.#recording.changes.lastOf(id, time) ?? []);
    const facts = await readFacts(
      this.#log,
      changes.map(({ offset }) => offset),
    );
    return new Map(
      changes.map((change) => [change.id, healthIn(facts.get(change.offset), change)]),
    );
  }
}

/** The declaration that a fact holds. */
export function declarationIn(fact: PlacedEvent | undefined): Declaration | undefined {
  const said = fact && mapFactOf(fact);
  return said?.kind === 'declared' ? said.declaration : undefined;
}

/** It compiled when it was declared; a later Territory that reads it otherwise shows no map. */
function modelIn(fact: PlacedEvent | undefined): MapModel {
  const declaration = declarationIn(fact);
  if (!declaration) return emptyMap;
  const { file, text, imported } = declaration;
  return compileMap({ file, text, imported: new Map(Object.entries(imported)) }).model ?? emptyMap;
}

/** What the fact says of one of those that it is about; its states where the fact is gone. */
export function healthIn(fact: PlacedEvent | undefined, change: RecordedChange): Health {
  const said = fact && mapFactOf(fact);
  const changes = said?.kind === 'health' ? said.changes : [];
  const found = changes.find(({ id }) => id === change.id);
  const { observed, inferred, shown, contradiction } = change;
  return found?.health ?? { observed, inferred, shown, contradiction, because: [], evidence: [] };
}
