import { unforeseenIn } from '../unforeseen.ts';
import { bundleToNames } from '#shared/claroshop/names.ts';
import type { Judgement, Violation } from '../flow.ts';
import { judgeAnswers } from './judge-answers.ts';
import { judgeCredentials } from './judge-credentials.ts';
import { judgeOutcomes } from './judge-outcomes.ts';
import { hadZombie, riskOf, untoldBundles, type Risk } from './verdict.ts';
import { say } from './violations.ts';
import { usernameOf, type ClaroshopWorld } from './world.ts';

export const judge = { bundles, all };

/** Some time after healing every account has a bundle that lives, and has one ever after. */
function bundles(world: ClaroshopWorld): Violation[] {
  return world.accounts.flatMap((account) => {
    const bundle = world.bundleOf(account);
    if (bundle === undefined) return [say('dead-after-healing', `${account}: no bundle`)];
    const isAlive =
      Date.parse(bundle.expires_at) > world.scheduler.nowMs &&
      world.provider.isAccessAlive(bundle.access_token);
    return isAlive ? [] : [say('dead-after-healing', `${account}: expired`)];
  });
}

async function all(world: ClaroshopWorld, early: readonly Violation[]): Promise<Judgement> {
  const { violations: lost, risks } = judgeGrants(world);
  const untold = untoldBundles(world).byPaused.map((): Risk => 'untold-by-paused');
  return {
    risks: [...risks, ...untold],
    violations: [
      ...lost,
      ...early,
      ...world.accounts.flatMap((account) => judgeBundles(world, account)),
      ...world.accounts.flatMap((account) => judgeNames(world, account)),
      ...(await judgeCredentials(world)),
      ...(await judgeOutcomes(world)),
      ...judgeAnswers(world),
      ...(await judgeProcesses(world)),
      ...judgeSecrets(world),
    ],
  };
}

function judgeGrants(world: ClaroshopWorld): { violations: Violation[]; risks: Risk[] } {
  const violations: Violation[] = [];
  const risks: Risk[] = [];
  for (const grant of world.ledger.grants.values()) {
    const risk = riskOf(world, grant);
    if (risk !== undefined) risks.push(risk);
    if (risk !== 'c') continue;
    violations.push(say('grant-lost', `${world.chronicle.accountOf(grant.token)}: ${grant.fate}`));
  }
  return { violations, risks };
}

function judgeBundles(world: ClaroshopWorld, account: string): Violation[] {
  const { chronicle } = world;
  if (hadZombie(world, account)) return [];
  const puts = chronicle.puts.filter((put) => put.account === account);
  return puts.flatMap((put, at) => {
    const before = puts[at - 1];
    const isOlder = chronicle.serialOf(put.token) < chronicle.serialOf(before?.token);
    return isOlder ? [say('bundle-went-back', `${account}: version ${put.version}`)] : [];
  });
}

function judgeNames(world: ClaroshopWorld, account: string): Violation[] {
  const bundle = world.bundleOf(account);
  const early = world.chronicle.offences.filter(({ kind }) => kind === 'name-before-bundle');
  const names = bundle === undefined ? [] : bundleToNames(bundle, account);
  return [
    ...early.map(({ text }) => say('name-before-bundle', text)),
    ...names
      .filter(({ name, value }) => world.parameters.held.get(name)?.value !== value)
      .map(({ name, value }) =>
        say('names-differ', `${name}${value === undefined ? ' is stale' : ''}`),
      ),
  ];
}

async function judgeProcesses(world: ClaroshopWorld): Promise<Violation[]> {
  const { ledger, chronicle, queues, stores, scheduler } = world;
  const { escrow } = stores.directly(() => scheduler.now);
  return [
    ...Array.from({ length: ledger.doubleRedeems }, () =>
      say('double-redeem', 'while leases hold'),
    ),
    // What a paused process stores late nobody else may know.
    ...chronicle.shownAgain
      .filter((account) => !hadZombie(world, account))
      .map((account) => say('shown-again', account)),
    ...(await escrow.list()).map(({ attempt }) => say('left-in-escrow', attempt.attemptId)),
    ...unforeseenIn(world).map((text) => say('unforeseen-error', text)),
    ...(queues.waiting > 0 ? [say('message-without-fate', String(queues.waiting))] : []),
  ];
}

/** Neither a token nor a password may stand in a log line or in an event. */
function judgeSecrets({ provider, accounts, log, events, passwords }: ClaroshopWorld) {
  const text = JSON.stringify([log.lines, events], (_, value: unknown) =>
    value instanceof Error ? `${value.message} ${value.stack ?? ''} ${String(value.cause)}` : value,
  );
  const tokens = accounts
    .flatMap((account) => provider.memory(usernameOf(account)).sessions)
    .flatMap((session) => session.tokens)
    .flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken ?? accessToken]);
  const shown = [...tokens, ...passwords].filter((secret) => text.includes(secret));
  return shown.map(() => say('secret-shown', 'a secret in a log line or an event'));
}
