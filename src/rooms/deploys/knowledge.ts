import type { CheckVerdict } from '../checks/judgement.ts';
import type { Kind } from './deploy.ts';
import type { Author } from './record.ts';

/** What somebody wants to be done: of a deploy that was asked for, or would be. */
export interface Question {
  /** Of the deploy, when it was asked for already. */
  readonly id?: string | undefined;
  readonly kind: Kind;
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  /** Who asks. */
  readonly by: string;
  /** ms since the epoch; gates that are about times are asked for that moment. */
  readonly notBefore?: number | undefined;
  /** Wait for windows, freezes, locks and post-its to end. */
  readonly wait?: boolean | undefined;
  /** Go through the gates that can be broken. */
  readonly breakGlass?: boolean | undefined;
}

/** What stands in an environment, as evidence has it. */
export interface Standing {
  readonly version: string;
  readonly verdict: string;
}

/** What the checks say of a version in an environment. */
export interface CheckWord {
  readonly verdict: CheckVerdict;
  /** A sentence. */
  readonly reason: string;
}

/** What the server found out and the room cannot know. Undefined: it is not known. */
export interface Knowledge {
  /** What the store has of the version. */
  readonly artefact: {
    readonly known: boolean;
    readonly digest?: string | undefined;
    /** Why its name is not to be trusted: the tag names another commit by now. */
    readonly moved?: string | undefined;
  };
  /** Required config keys without a value there; undefined: no runner has reported. */
  readonly missing?: readonly string[] | undefined;
  /** Contract migrations that are applied there and that this code cannot live with. */
  readonly applied?: readonly string[] | undefined;
  /** The same, of which no runner could say lately whether they are applied. */
  readonly unseen?: readonly string[] | undefined;
  /** The newest release of the application. */
  readonly newest?: string | undefined;
  /** Sentences about alerts of this application there that are red. */
  readonly red?: readonly string[] | undefined;
  /**
   * What the checks that the environment asks for say of this version: in the environment before, and
   * what was kept of the last time that it ran here. Undefined: not asked, or not known yet.
   */
  readonly checked?:
    | {
        readonly before?: CheckWord | undefined;
        readonly here?: CheckWord | undefined;
      }
    | undefined;
  /** Whose commits go out too, the asking one among them perhaps. */
  readonly authors?: readonly Author[] | undefined;
  /** What stands, by the name of the environment. */
  readonly standing?: ReadonlyMap<string, Standing> | undefined;
  /** Whether a runner asks for work of this environment. */
  readonly runner?: boolean | undefined;
  /** Deploys of the lane that another gate holds: they do not stand in the way of this one. */
  readonly held?: ReadonlySet<string> | undefined;
}
