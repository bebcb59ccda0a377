import type { StoredCode } from '../grants/recovery.ts';

/** How long a mall's admin may take to agree. */
export const STATE_LIFE_SECONDS = 600;

/** What a browser must bring back; both are secrets that only this browser knows. */
export interface BrowserProof {
  /** OAuth's `state` (RFC 6749, section 10.12). */
  readonly state: string;
  /** The value of the browser's cookie. */
  readonly browser: string;
}

/** Authorizations that were begun and are not finished. Neither secret is stored as it is. */
export interface AuthorizationStates {
  /** Remembers for 10 minutes that this browser authorizes us at the mall. */
  issue(proof: BrowserProof, mallId: string): Promise<void>;

  /**
   * Takes the state away, atomically: of any number of calls one succeeds. A state that comes from
   * another browser stays for its own.
   *
   * @returns the mall, or `undefined` for a state that is unknown, used, expired or another
   *   browser's.
   */
  consume(proof: BrowserProof): Promise<string | undefined>;

  /**
   * As {@link consume}, and stores the code that came with it, both or neither: a code whose state was
   * spent before it is stored would be lost with its process.
   *
   * @param arrived.receivedAt its age counts from here.
   */
  consumeFor(proof: BrowserProof, arrived: ArrivedCode): Promise<StoredCode | undefined>;
}

interface ArrivedCode {
  readonly code: string;
  readonly receivedAt: Date;
}
