interface Shown {
  readonly codes: Set<string>;
  readonly accepted: Set<string>;
}

/** With which codes browsers came back, by the state that they showed. */
export class ShownStates {
  readonly #states = new Map<string, Shown>();

  shown(state: string, code: string): void {
    this.#of(state).codes.add(code);
  }

  /** The page has said that the mall is authorized. */
  accepted(state: string, code: string): void {
    this.#of(state).accepted.add(code);
  }

  get all(): ReadonlyMap<string, Shown> {
    return this.#states;
  }

  #of(state: string): Shown {
    const known = this.#states.get(state) ?? { codes: new Set(), accepted: new Set() };
    this.#states.set(state, known);
    return known;
  }
}
