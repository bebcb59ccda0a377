/** Where a process is stopped: before or after its call of that number, from 0. */
export interface StopAt {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** A process's calls to the outside, counted; it can be stopped at any of them. */
export class Steps {
  calls = 0;
  isDead = false;
  readonly names: string[] = [];
  readonly #stopAt: StopAt | undefined;

  readonly #jitter: () => Promise<unknown>;

  /** @param jitter before each call, so that processes meet in ever other orders. */
  constructor(stopAt?: StopAt, jitter: () => Promise<unknown> = () => Promise.resolve()) {
    this.#stopAt = stopAt;
    this.#jitter = jitter;
  }

  /** Nothing that a dead process does has an effect, and none of its calls comes back. */
  async call<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.#throwIfDead();
    await this.#jitter();
    const number = this.calls++;
    this.names.push(name);
    const isStop = number === this.#stopAt?.call;
    if (isStop && this.#stopAt.when === 'before') this.isDead = true;
    this.#throwIfDead();
    const result = await work();
    if (isStop) this.isDead = true;
    this.#throwIfDead();
    return result;
  }

  /** The same object, each of whose methods is a call. */
  through<Target extends object>(name: string, target: Target): Target {
    return new Proxy(target, {
      get: (_, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.call(
            `${name}.${String(property)}`,
            () => Reflect.apply(value, target, args) as Promise<unknown>,
          );
      },
    });
  }

  #throwIfDead(): void {
    if (this.isDead) throw new Error('stopped');
  }
}
