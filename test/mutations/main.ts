// `npm run test:mutations -- [--seed S] [--count N]`: plants mistakes that nobody chose, one at a time, in
// the synthesized stack and in the sources that decide, and says which the unit tests do not notice.
import { parseArgs } from 'node:util';
import { randomOf } from '#test/crash/random.ts';
import { draw, type Stratum } from './draw.ts';
import { startJudge, type Verdict } from './judge.ts';
import { KNOWN_EQUALS } from './known-equals.ts';
import { nameOf, type Mutation } from './mutation.ts';
import { sourceMutations } from './source-mutations.ts';
import { stackMutations } from './stack-mutations.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '60' },
  },
});
const strata = [
  stratum('stack', stackMutations(), (change) => ({ kind: 'stack', change })),
  stratum('sources', sourceMutations(), (change) => ({ kind: 'source', change })),
];
const drawn = draw(strata, Number(values.count), randomOf(Number(values.seed)));
console.log(`${String(drawn.length)} mistakes (--seed ${values.seed})`);

const judge = await startJudge();
await judge.tryWithout();
const survivors: Mutation[] = [];
for (const [at, mutation] of drawn.entries()) {
  const beganMs = performance.now();
  const verdict = KNOWN_EQUALS.has(nameOf(mutation)) ? 'equal' : await judge.judge(mutation);
  if (verdict === 'survived' || verdict === 'untested') survivors.push(mutation);
  tell(at, mutation, { verdict, ms: performance.now() - beganMs });
}
await judge.close();

console.log(`\n${String(survivors.length)} of ${String(drawn.length)} survived.`);
for (const mutation of survivors) console.log(`${placeOf(mutation)}\n    ${nameOf(mutation)}`);
process.exit(survivors.length === 0 ? 0 : 1);

interface Judgement {
  readonly verdict: Verdict | 'equal';
  readonly ms: number;
}

function tell(at: number, mutation: Mutation, { verdict, ms }: Judgement): void {
  const place = `${String(at + 1).padStart(3)}/${String(drawn.length)}`;
  const seconds = `${(ms / 1_000).toFixed(1)} s`;
  console.log(`${place} ${verdict.padEnd(8)} ${nameOf(mutation)} (${seconds})`);
}

function placeOf({ kind, change }: Mutation): string {
  return kind === 'source' ? `${change.file}:${String(change.line)}` : 'the synthesized stack';
}

function stratum<Change>(
  name: string,
  bySort: ReadonlyMap<string, readonly Change[]>,
  toMutation: (change: Change) => Mutation,
): Stratum {
  const sorts = [...bySort].map(([sort, changes]) => [sort, changes.map(toMutation)] as const);
  const total = sorts.reduce((sum, [, mutations]) => sum + mutations.length, 0);
  console.log(`${name}: ${String(total)} possible mistakes of ${String(sorts.length)} sorts`);
  return new Map(sorts);
}
