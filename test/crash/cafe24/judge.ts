import { judgeCodes } from './judge-codes.ts';
import { judgeHistory } from './judge-history.ts';
import { unforeseenIn } from '../unforeseen.ts';
import { riskOf, type Risk } from './verdict.ts';
import type { Judgement, Violation } from '../flow.ts';
import { say } from './violations.ts';
import type { Cafe24World } from './world.ts';

interface Early {
  readonly versions: ReadonlyMap<string, number>;
  readonly violations: readonly Violation[];
}

interface TokenRow {
  readonly mall_id: string;
  readonly version: number;
  readonly refresh_token: string;
  readonly status: string;
}

export const judge = { marks, all };

/** Before the silent retry of marked malls could put a wrong mark right. */
async function marks(world: Cafe24World): Promise<Early> {
  const rows = await tokenRows(world);
  const wrong = rows.filter(
    ({ status, refresh_token: token }) => status !== 'active' && world.provider.isAlive(token),
  );
  return {
    versions: new Map(rows.map(({ mall_id: mallId, version }) => [mallId, version])),
    violations: wrong.map(({ mall_id: mallId }) => say('wrong-mark', `${mallId}, early`)),
  };
}

async function all(world: Cafe24World, early: Early): Promise<Judgement> {
  const rows = await tokenRows(world);
  const malls = world.malls.map((mallId) => judgeMall(world, mallId, { rows, early }));
  const givenUp = judgeGivenUp(world);
  const violations = [
    ...givenUp,
    ...early.violations,
    ...malls.flatMap((mall) => mall.violations),
    ...judgeProcesses(world),
    ...(await judgeHistory(world)),
    ...(await judgeCodes(world)),
    ...judgeSecrets(world),
  ];
  const risks = malls.flatMap(({ risk }) => (risk === undefined ? [] : [risk]));
  return { violations, risks: [...risks, ...givenUp.map((): Risk => 'c')] };
}

/** Each of them, also if a new authorization has made its mall whole again. */
function judgeGivenUp({ ledger, malls, provider }: Cafe24World): Violation[] {
  const mallOf = (token: string) =>
    malls.find((mallId) =>
      provider
        .memory(mallId)
        .families.some(({ pairs }) => pairs.some(({ refreshToken }) => refreshToken === token)),
    );
  return ledger.givenUp.map(({ token }) => say('grant-lost', `${mallOf(token) ?? ''}: given-up`));
}

async function tokenRows(world: Cafe24World): Promise<readonly TokenRow[]> {
  const rows = await world.database.sql(
    'select mall_id, version::int, refresh_token, status from cafe24.oauth_tokens',
  );
  return rows as unknown as TokenRow[];
}

interface Malls {
  readonly rows: readonly TokenRow[];
  readonly early: Early;
}

function judgeMall(
  world: Cafe24World,
  mallId: string,
  { rows, early }: Malls,
): { violations: Violation[]; risk?: Risk | undefined } {
  const row = rows.find(({ mall_id: it }) => it === mallId);
  const memory = world.provider.memory(mallId);
  if (row !== undefined && world.provider.isAlive(row.refresh_token)) {
    return { violations: judgeHealthy(world, row, early) };
  }
  if (memory.families.length === 0) return { violations: [] };
  const { risk, why } = riskOf(world, memory);
  const violations: Violation[] = [];
  if (risk === 'c') violations.push(say('grant-lost', `${mallId}: ${why}`));
  if (row === undefined) return { violations, risk };
  if (row.status === 'active') violations.push(say('dead-but-not-marked', mallId));
  else violations.push(...judgeReason(world, row));
  return { violations, risk };
}

function judgeHealthy(world: Cafe24World, row: TokenRow, { versions }: Early): Violation[] {
  const { mall_id: mallId, version, status } = row;
  if (status !== 'active') return [say('wrong-mark', `${mallId}, late`)];
  const violations: Violation[] = [];
  if (version <= (versions.get(mallId) ?? 0)) {
    violations.push(say('not-refreshed-after-healing', mallId));
  }
  const isWithdrawn = outcomesOf(world, mallId).every(
    ({ detailType, version: told }) => detailType !== 'ReauthorizationRequired' || told < version,
  );
  if (!isWithdrawn) violations.push(say('outcome-against-the-row', `${mallId}: not withdrawn`));
  return violations;
}

/** A mall whose stored token was rotated away has to be told so. */
function judgeReason(world: Cafe24World, { mall_id: mallId, version, refresh_token }: TokenRow) {
  const told = outcomesOf(world, mallId).filter(
    (event) => event.detailType === 'ReauthorizationRequired' && event.version === version,
  );
  const ofRow = told.filter(({ reason }) => !String(reason).startsWith('code-'));
  if (ofRow.length === 0) return [say('missing-outcome', `${mallId} is marked, nobody is told`)];
  const pair = world.provider
    .memory(mallId)
    .families.flatMap(({ pairs }) => pairs)
    .find(({ refreshToken }) => refreshToken === refresh_token);
  const wasRotated = pair !== undefined && pair.rotatedAt !== null;
  return wasRotated && ofRow.some(({ reason }) => reason !== 'rotation-lost')
    ? [say('wrong-reason', `${mallId}: ${String(ofRow[0]?.reason)} though it was rotated away`)]
    : [];
}

function outcomesOf({ events }: Cafe24World, mallId: string) {
  return events
    .filter(({ detail }) => detail['mallId'] === mallId)
    .map(({ detailType, detail }) => ({
      ...{ detailType, attemptId: detail['attemptId'], reason: detail['reason'] },
      version: Number(detail['version']),
    }));
}

function judgeProcesses(world: Cafe24World): Violation[] {
  const { ledger, escrow, queues } = world;
  const held = [...escrow.held.keys()];
  return [
    ...Array.from({ length: ledger.doubleRedeems }, () =>
      say('double-redeem', 'while leases hold'),
    ),
    ...held.map((attemptId) => say('left-in-escrow', attemptId)),
    ...unforeseenIn(world).map((text) => say('unforeseen-error', text)),
    ...(queues.waiting > 0 ? [say('message-without-fate', String(queues.waiting))] : []),
  ];
}

/** Nothing that the provider gave may stand in a log line or in an event; codes in events may. */
function judgeSecrets({ provider, malls, log, events }: Cafe24World): Violation[] {
  const text = JSON.stringify([log.lines, events], (_, value: unknown) =>
    value instanceof Error ? `${value.message} ${value.stack ?? ''} ${String(value.cause)}` : value,
  );
  const secrets = malls
    .flatMap((mallId) => provider.memory(mallId).families)
    .flatMap(({ pairs }) => pairs)
    .flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
  const shown = secrets.filter((secret) => text.includes(secret));
  return shown.map(() => say('secret-shown', 'a token in a log line or an event'));
}
