import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';
import type { Provider } from './provider.ts';
import { everyMall } from './switchboard.ts';

const target = z.union([MallId, z.literal(everyMall)]);
const ofMall = z.strictObject({ mallId: MallId });
const ofTarget = z.strictObject({ target });

type Operation = (provider: Provider, input: unknown) => unknown;

/** What `POST /_control/<name>` does with its JSON body; a bad body throws a ZodError. */
const operations = new Map<string, Operation>(
  Object.entries({
    'issue-code': (provider, input) => {
      const { mallId, ...options } = ofMall
        .extend({
          scopes: z.array(z.string()).min(1).optional(),
          issuedSecondsAgo: z.number().min(0).optional(),
        })
        .parse(input);
      return { code: provider.issueCode(mallId, options) };
    },
    memory: (provider, input) => provider.memory(ofMall.parse(input).mallId),
    'is-alive': (provider, input) => ({
      alive: provider.isAlive(
        z.strictObject({ refreshToken: z.string() }).parse(input).refreshToken,
      ),
    }),
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
    'remove-application': (provider, input) => {
      provider.removeApplication(ofMall.parse(input).mallId);
    },
  } satisfies Record<string, Operation>),
);

export interface ControlAnswer {
  readonly status: 200 | 400 | 404;
  readonly body: unknown;
}

/** Answers one call of the control API; 400 and 404 say in `message` what was wrong with it. */
export function control(provider: Provider, name: string, json: string): ControlAnswer {
  const operation = operations.get(name);
  if (operation === undefined) return problem(404, `There is no control operation ${name}`);
  try {
    return { status: 200, body: operation(provider, JSON.parse(json)) ?? {} };
  } catch (error) {
    if (error instanceof z.ZodError) return problem(400, z.prettifyError(error));
    if (error instanceof SyntaxError) return problem(400, 'The body is not JSON');
    throw error;
  }
}

function problem(status: 400 | 404, message: string): ControlAnswer {
  return { status, body: { message } };
}
