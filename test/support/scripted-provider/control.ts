import { z } from 'zod';
import { everyTarget } from './switchboard.ts';

/** What `POST /_control/<name>` does with its JSON body; a bad body throws a ZodError. */
export type Operation<Provider> = (provider: Provider, input: unknown) => unknown;

export interface ControlAnswer {
  readonly status: 200 | 400 | 404;
  readonly body: unknown;
}

interface Configurable {
  configure(target: string, switches: unknown): void;
  heal(target: string): void;
  reset(target: string): void;
}

/** The operations of every scripted provider; `*` is every target. */
export function switchOperations(Target: z.ZodType<string>) {
  const ofTarget = z.strictObject({ target: z.union([Target, z.literal(everyTarget)]) });
  return {
    configure: (provider, input) => {
      const body = ofTarget.extend({ switches: z.unknown() }).parse(input);
      provider.configure(body.target, body.switches);
    },
    heal: (provider, input) => {
      provider.heal(ofTarget.parse(input).target);
    },
    reset: (provider, input) => {
      provider.reset(ofTarget.parse(input).target);
    },
  } satisfies Record<string, Operation<Configurable>>;
}

/** Answers one call of the control API; 400 and 404 say in `message` what was wrong with it. */
export function answerControl<Provider>(
  operations: Readonly<Record<string, Operation<Provider>>>,
  provider: Provider,
): (name: string, json: string) => ControlAnswer {
  return (name, json) => {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined) return problem(404, `There is no control operation ${name}`);
    try {
      return { status: 200, body: operation(provider, JSON.parse(json)) ?? {} };
    } catch (error) {
      if (error instanceof z.ZodError) return problem(400, z.prettifyError(error));
      if (error instanceof SyntaxError) return problem(400, 'The body is not JSON');
      throw error;
    }
  };
}

function problem(status: 400 | 404, message: string): ControlAnswer {
  return { status, body: { message } };
}

/** Steers a running scripted provider from any process. */
export interface SwitchControl<Configuration> {
  /**
   * Throws switches for a target or, with `*`, for all. With `nextRequests` they hold for that many
   * token requests; several such calls for one target follow each other, as a script.
   */
  configure(target: string, switches: Configuration): Promise<void>;
  /** All switches back to their defaults; what was issued is kept. */
  heal(target: string): Promise<void>;
  /** Forgets switches and all that was issued. */
  reset(target: string): Promise<void>;
}

/** Calls a control operation; rejects with the provider's own words when it makes no sense. */
export type ControlCall = (operation: string, body: object) => Promise<unknown>;

/** @param controlUrl as the provider's start answered it. */
export function controlCaller(controlUrl: string): ControlCall {
  return async (operation, body) => {
    const response = await fetch(`${controlUrl}/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error((answer as { message: string }).message);
    return answer;
  };
}

export function switchControl<Configuration>(call: ControlCall): SwitchControl<Configuration> {
  return {
    configure: async (target, switches) => {
      await call('configure', { target, switches });
    },
    heal: async (target) => {
      await call('heal', { target });
    },
    reset: async (target) => {
      await call('reset', { target });
    },
  };
}
