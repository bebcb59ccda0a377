import type { Clock } from '#shared/clock.ts';
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
import type { Issuing } from './issuing.ts';
import {
  type Account,
  type AccountMemory,
  type Held,
  heldBy,
  newAccount,
  recall,
} from './memory.ts';
import { end, refusalOf } from './refreshing.ts';
import { Configuration, defaultSwitches, type Switches } from './switches.ts';
import { answerTokenRequest } from './token-endpoint.ts';

/** The realm's public client and its users. */
export interface Realm {
  readonly clientId: string;
  readonly accounts: readonly Credentials[];
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What an operator of ClaroShop can do to an account. */
export interface AccountChange {
  readonly password?: string | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly isSetUp?: boolean | undefined;
}

/** The scripted ClaroShop, without its network: all accounts, what they did, their switches. */
export interface Provider extends Pick<Switchboard<Switches>, 'configure' | 'heal'> {
  receiveTokenRequest(request: FormRequest): OpenTokenRequest;
  /** Changes an account, or makes one. */
  putAccount(username: string, change: AccountChange): void;
  /** An operator ends the account's sessions: access and refresh tokens are dead. */
  signOut(username: string): void;
  unlock(username: string): void;
  /** Whether a refresh with this token would succeed now. */
  isAlive(refreshToken: string): boolean;
  /** Whether ClaroShop's resources would take this access token now. */
  isAccessAlive(accessToken: string): boolean;
  memory(username: string): AccountMemory;
  /** Forgets what the account (`*`: every account) did and was issued, its lock and its switches. */
  reset(target: Target): void;
}

/** Under this name lie the requests whose refresh token nobody was ever given. */
export const nobody = 'nobody';

/** @param clock judges every lifetime; a test moves it instead of waiting. */
export function claroshopProvider({ clientId, accounts }: Realm, clock: Clock): Provider {
  const known = new Map<string, Account>();
  const board = switchboard(defaultSwitches, Configuration);
  const accountOf = (username: string, password: string | null = null): Account => {
    const account = known.get(username) ?? newAccount(username, password);
    known.set(username, account);
    return account;
  };
  for (const { username, password } of accounts) accountOf(username, password);
  const issuing = (account: Account, switches = board.current(account.username)): Issuing => ({
    account,
    switches,
    now: clock(),
  });
  const find = (matches: (held: Held) => boolean) => findHeld([...known.values()], matches);
  return {
    configure: board.configure,
    heal: board.heal,
    receiveTokenRequest(request) {
      const form = new URLSearchParams(request.body);
      const sent = form.get('refresh_token');
      const owner = find(({ tokens }) => sent !== null && tokens.refreshToken === sent);
      const account = owner?.account ?? accountOf(form.get('username') ?? nobody);
      const record = { ...newRecord(request, clock), redeemedTokenId: null, issuedTokenId: null };
      const switches = board.take(account.username);
      const finish = openRecord(account, record, clock);
      const call = { request, record, clientId };
      return {
        switches,
        finish,
        answer: () => answerTokenRequest(issuing(account, switches), call),
      };
    },
    putAccount(username, { password, isEnabled = true, isSetUp = true }) {
      const account = accountOf(username);
      Object.assign(account, { password: password ?? account.password, isEnabled, isSetUp });
    },
    signOut(username) {
      for (const session of accountOf(username).sessions) end({ session }, 'signed-out', clock());
    },
    unlock: (username) =>
      void Object.assign(accountOf(username), { failures: 0, lockedUntil: null }),
    isAlive(refreshToken) {
      const found = find(({ tokens }) => tokens.refreshToken === refreshToken);
      return found !== undefined && refusalOf(issuing(found.account), found.held) === undefined;
    },
    isAccessAlive(accessToken) {
      const found = find(({ tokens }) => tokens.accessToken === accessToken)?.held;
      return found !== undefined && isAccessAlive(found, clock());
    },
    memory(username) {
      const account = accountOf(username);
      return recall(account, (held) => refusalOf(issuing(account), held) === undefined);
    },
    reset(target) {
      board.heal(target);
      const forgotten = target === everyTarget ? [...known.keys()] : [target];
      for (const username of forgotten) {
        known.set(username, newAccount(username, known.get(username)?.password ?? null));
      }
    },
  };
}

function findHeld(accounts: readonly Account[], matches: (held: Held) => boolean) {
  for (const account of accounts) {
    const held = heldBy(account).find(matches);
    if (held !== undefined) return { account, held };
  }
  return undefined;
}

/** A spent refresh token takes its session's client along, not the access tokens that are out. */
function isAccessAlive({ session, tokens }: Held, now: Date): boolean {
  return session.endedBecause !== 'signed-out' && now.toISOString() < tokens.accessExpiresAt;
}
