import { randomBytes } from 'node:crypto';
import type { Clock } from '#shared/clock.ts';
import type { Answer } from '../scripted-provider/answers.ts';
import type { FormRequest } from '../scripted-provider/form.ts';
import {
  everyTarget,
  switchboard,
  type Switchboard,
  type Target,
} from '../scripted-provider/switchboard.ts';
import {
  newRecord,
  openRecord,
  type OpenTokenRequest,
} from '../scripted-provider/token-requests.ts';
import type { Application } from './answers.ts';
import { answerAuthorizeRequest } from './authorize-endpoint.ts';
import { issueCode, type Issuing, revoke } from './issuing.ts';
import { isAlive, type Mall, type MallMemory, newMall, recall } from './memory.ts';
import { Configuration, defaultSwitches, type Switches } from './switches.ts';
import { answerRevokeRequest, answerTokenRequest } from './token-endpoint.ts';

/** Of a code that a test asks for, as if a mall's admin had agreed. */
export interface CodeOptions {
  readonly scopes?: readonly string[] | undefined;
  /** Issues it in the past: 61 makes an expired one. */
  readonly issuedSecondsAgo?: number | undefined;
}

/** The scripted Cafe24, without its network: all malls, what they remember, their switches. */
export interface Provider extends Pick<Switchboard<Switches>, 'configure' | 'heal'> {
  receiveTokenRequest(mallId: string, request: FormRequest): OpenTokenRequest;
  revoke(mallId: string, request: FormRequest): Answer;
  authorize(mallId: string, query: URLSearchParams): Answer;
  issueCode(mallId: string, options?: CodeOptions): string;
  /** The mall removes the application: every token of it is dead. */
  removeApplication(mallId: string): void;
  isAlive(refreshToken: string): boolean;
  memory(mallId: string): MallMemory;
  /** Forgets what the mall (`*`: every mall) was issued, and its switches. */
  reset(target: Target): void;
}

const defaultScopes = ['mall.read_product', 'mall.read_order'];

/** @param clock judges every lifetime; a test moves it instead of waiting. */
export function cafe24Provider(application: Application, clock: Clock): Provider {
  const malls = new Map<string, Mall>();
  const board = switchboard(defaultSwitches, Configuration);
  const mallOf = (mallId: string): Mall => {
    const mall = malls.get(mallId) ?? newMall(mallId);
    malls.set(mallId, mall);
    return mall;
  };
  const issuing = (mallId: string, switches = board.current(mallId)): Issuing => ({
    mall: mallOf(mallId),
    switches,
    now: clock(),
    newSecret: () => randomBytes(24).toString('base64url'),
  });
  return {
    configure: board.configure,
    heal: board.heal,
    receiveTokenRequest(mallId, request) {
      const switches = board.take(mallId);
      const record = {
        ...newRecord(request, clock),
        codeId: null,
        redeemedPairId: null,
        issuedPairId: null,
      };
      const finish = openRecord(mallOf(mallId), record, clock);
      const call = { request, record, application };
      const answer = () => answerTokenRequest(issuing(mallId, switches), call);
      return { switches, answer, finish };
    },
    revoke: (mallId, request) => answerRevokeRequest(issuing(mallId), { request, application }),
    authorize: (mallId, query) => answerAuthorizeRequest(issuing(mallId), { query, application }),
    issueCode(mallId, { scopes = defaultScopes, issuedSecondsAgo = 0 } = {}) {
      const now = new Date(clock().getTime() - issuedSecondsAgo * 1000);
      return issueCode({ ...issuing(mallId), now }, scopes).code;
    },
    removeApplication(mallId) {
      for (const family of mallOf(mallId).families) revoke(family, 'revoked-by-mall', clock());
    },
    isAlive: (refreshToken) => isAliveInAny([...malls.values()], refreshToken, clock()),
    memory: (mallId) => recall(mallOf(mallId), clock()),
    reset(target) {
      board.heal(target);
      if (target === everyTarget) malls.clear();
      else malls.delete(target);
    },
  };
}

function isAliveInAny(malls: readonly Mall[], refreshToken: string, now: Date): boolean {
  return malls
    .flatMap(({ families }) => families)
    .some((family) =>
      family.pairs.some((pair) => pair.refreshToken === refreshToken && isAlive(family, pair, now)),
    );
}
