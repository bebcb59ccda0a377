import type { StoredCode } from './recovery.ts';

/**
 * How long a mark keeps others away. Who marks must be done within it, the call to the bus
 * included; a mark that nobody confirms (its process died, the bus was away) ends by itself.
 */
export const MARK_SECONDS = 15;

/** A code that is the caller's to announce until its mark ends. */
export interface MarkedCode extends StoredCode {
  /** The same for each announcement of the code, so that consumers know a repetition. */
  readonly eventId: string;
}

/** A mall's newest code. */
export type NewestCode =
  | (MarkedCode & { readonly state: 'marked' })
  | (StoredCode & {
      /** `announced`: somebody announces it, or has; `expired`: over 60 s old; else its status. */
      readonly state:
        'announced' | 'exchanging' | 'exchanged' | 'expired' | 'rejected' | 'superseded';
      /** Unknown for a code that was announced by who stored it. */
      readonly eventId: string | undefined;
    });

/**
 * Who announces which stored code.
 *
 * A code is announced by whoever stores it, else by whoever marks it here. Recovery does not ask for
 * marks: it announces again what is still `received` after 10 s, since a mark says nothing about
 * what became of the announcement.
 */
export interface CodeAnnouncements {
  /**
   * Marks codes of less than 60 s that are `received` and that nobody else announces, the oldest
   * first. However many look at once, each code is marked by one.
   *
   * @param malls codes of others are left alone.
   */
  markWaiting(malls: readonly string[], limit: number): Promise<readonly MarkedCode[]>;
  /** Marks the mall's newest code if it may be announced. @returns `undefined`: it has no code. */
  markNewest(mallId: string): Promise<NewestCode | undefined>;
  /** The announcements of these codes are on the bus. */
  confirm(codeIds: readonly string[]): Promise<void>;
}
