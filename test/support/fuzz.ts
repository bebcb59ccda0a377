import { env } from 'node:process';
import fc from 'fast-check';

/** Of `npm test`, so that a failure there is one of the code and not of the day. */
const FIXED_SEED = 20_261_130;
const INPUTS = 2_000;

/** `FUZZ_SEED`, which `npm run test:fuzz` sets: any whole number of 32 bits. */
const seed = env['FUZZ_SEED'] === undefined ? FIXED_SEED : Number(env['FUZZ_SEED']);
if (!Number.isInteger(seed)) throw new Error('FUZZ_SEED must be a whole number.');

/**
 * Tries 2,000 inputs. A failure names the seed and the smallest input that it was found for.
 *
 * @param holds throws for an input for which it does not hold.
 */
export async function holdsForEach<Input>(
  inputs: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(inputs, async (input) => {
    await holds(input);
  });
  await fc.assert(property, { seed, numRuns: INPUTS });
}

const ODD_UNITS = ['\0', '\u{FEFF}', '\u{FFFE}', '\u{FFFF}', '\uD83D', '\uDE00', '😀', '"', '\\'];

/** Text of any characters, with what stores, queues and parsers stumble over in much of it. */
export const oddText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.oneof(fc.constantFrom(...ODD_UNITS), fc.string({ maxLength: 2 })) }),
);
