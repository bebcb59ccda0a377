export interface DueMall {
  readonly mallId: string;
  readonly version: number;
  /** Undefined: never. */
  readonly expiresAt: Date | undefined;
  /** `rejected`: a client saw the access token refused. `retry`: a silent try of a dead grant. */
  readonly reason: 'expiring' | 'rejected' | 'retry';
}

/** What will become of the grants. */
export interface Prospects {
  /** Active grants whose refresh token ends within 3 days. */
  readonly endingSoon: number;
  /** There are active grants, and every one is of another client: nobody refreshes them here. */
  readonly areAllOfOthers: boolean;
}

/** When each grant is due. */
export interface RefreshSchedule {
  /**
   * Finds the malls that are due and marks them, so that no other sweep finds them.
   *
   * @param limit at most so many, those that are due the longest.
   * @remarks A mark that is not confirmed ends after 2 minutes, a confirmed one after 5.
   */
  markDue(limit: number): Promise<readonly DueMall[]>;
  /** The warnings of these malls are on the bus. */
  confirmWarned(mallIds: readonly string[]): Promise<void>;
  prospects(): Promise<Prospects>;
  /**
   * The malls whose grants are refused for a day in words that no table knows, and whose admins were
   * not asked, since nobody else is granted anything. Told once a day, for an operator to look.
   */
  lastingRefusals(): Promise<readonly string[]>;
}
