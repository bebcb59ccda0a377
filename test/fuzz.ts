// `npm run test:fuzz [-- --seed <number>]`: the fuzz of `npm test` with inputs that nobody has seen yet.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' } } });
const seed = values.seed ?? String(randomInt(2 ** 31));
console.log(`Seed ${seed}: npm run test:fuzz -- --seed ${seed}`);
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', 'test/unit/fuzz'], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
