import { CLAROSHOP_CLIENT_ID } from '#shared/claroshop/config.ts';
import type { ClaroshopTicket } from '#shared/claroshop/grant.ts';
import { toTokenRefreshFailed } from '#shared/claroshop/outcome-events.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import { Line } from '../line.ts';
import { ABLATIONS } from './ablations.ts';
import { calm, everyAccount, type Fault } from './fault.ts';
import { LAST_LOOK_MS } from './run.ts';
import { simulatedClaroshop } from './simulated-claroshop.ts';
import type { Weather } from './weather.ts';
import { rightRequest, usernameOf, type ClaroshopWorld } from './world.ts';

const withoutLock = (weather: Weather): Weather => {
  const { provider, ...others } = calm(weather);
  return { ...others, provider: { ...provider, lockAfterFailures: 1_000 } };
};

const cause = { correlationId: 'nobody', causationId: 'nobody' };

/** What is asked of ClaroShop, and what is remembered of its refusals. */
export const FAULTS_OF_ASKING = {
  'two processes ask at once': (): Fault => ({
    ...{ kind: 'double-redeem', text: 'while leases hold', weather: calm },
    plant: everyAccount((world, account) => {
      for (let process = 0; process < 2; process++) void rogue(world, account, 'never-issued');
    }),
  }),

  'a spent refresh token is shown again': (): Fault => ({
    ...{ kind: 'shown-again', text: 'default', weather: calm },
    plant: everyAccount((world, account) => {
      const { sessions } = world.provider.memory(usernameOf(account));
      const spent = sessions.findLast(({ tokens }) => tokens.length > 1)?.tokens.at(-2);
      return rogue(world, account, spent?.refreshToken ?? '');
    }),
  }),

  'a refusal that nobody remembers': (): Fault => ({
    ...{ kind: 'password-asked-again', text: 'default', weather: withoutLock },
    ...ABLATIONS['fingerprint off'](),
    plant: everyAccount((world, account) => {
      world.changePassword(account, 'known to ClaroShop alone');
    }),
  }),

  'an account is locked': (): Fault => ({
    ...{ kind: 'locked-out', text: 'default', weather: calm },
    plant: everyAccount(({ provider }, account) => {
      const form = { client_id: CLAROSHOP_CLIENT_ID, grant_type: 'password' };
      const wrong = { ...form, username: usernameOf(account), password: 'wrong' };
      for (let tries = 0; tries < 3; tries++) {
        provider.receiveTokenRequest(rightRequest(wrong)).answer();
      }
    }, -1),
  }),

  'a healthy account is told as refused': (): Fault => ({
    ...{ kind: 'told-as-refused', text: 'default', weather: calm },
    bus: (event) => {
      if (event.detailType !== 'TokenRefreshed') return [event];
      const { provider, account, attemptId, version } = event.detail;
      const reason = 'credentials-refused';
      const detail = { provider, account, attemptId, version, reason };
      return [event, { detailType: 'TokenRefreshFailed', detail }];
    },
  }),

  'a mark that outlives its credentials': (): Fault => ({
    ...{ kind: 'wrong-mark', text: 'default', weather: calm },
    plant: everyAccount(async (world, account) => {
      const mark = { salt: 'c2FsdA==', fingerprint: 'b3RoZXI=', reason: 'invalid-credentials' };
      const attempts = world.attemptsOf(account);
      const attemptId = world.random.uuid();
      const about = { grantType: 'password', baseVersion: 0, cause } as const;
      const open = { attemptId, subject: accountToSubject(account), ...about };
      const event = toTokenRefreshFailed('status-503', open, world.scheduler.now);
      await attempts.begin({ attemptId, cause, leaseMs: 60_000 });
      const { unpublished } = await attempts.refuseCredentials(attemptId, { mark, event });
      if (unpublished !== undefined) world.published(unpublished);
      await attempts.markPublished(attemptId);
    }, LAST_LOOK_MS),
  }),

  'an attempt that is never ended': (): Fault => ({
    ...{ kind: 'open-attempt', text: 'default', weather: calm },
    plant: everyAccount(async (world, account) => {
      const attemptId = world.random.uuid();
      await world.attemptsOf(account).begin({ attemptId, cause, leaseMs: 3_600_000 });
    }, LAST_LOOK_MS + 50_000),
  }),
} satisfies Record<string, () => Fault>;

/** Asks without a lease, with a token that brings nothing. */
async function rogue(world: ClaroshopWorld, account: string, refreshToken: string): Promise<void> {
  const { simulated } = world.newProcess('refresh', 60_000);
  const line = new Line(simulated);
  const subject = accountToSubject(account);
  const grantType = 'refresh_token' as const;
  const attempt = { attemptId: 'rogue', subject, grantType, baseVersion: 0 };
  const provider = simulatedClaroshop(line, { current: () => attempt, onGrant: () => undefined });
  const ticket: ClaroshopTicket = { grantType, refreshToken };
  await line.start(() => provider.redeem(ticket, 30_000));
}
