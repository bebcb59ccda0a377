import type { Journey } from './journey.ts';
import { isTerminating } from './termination.ts';

/** One message's way, with a title of its own. */
export interface DemonstrationStep {
  readonly title: string;
  readonly show: (journey: Journey) => Promise<void>;
}

/**
 * Shows one after another. What fails says what was found and what was expected, and the next one is
 * shown all the same: each is about other services.
 *
 * @returns whether all of them came to their end.
 * @throws what a step threw because everything is being torn down.
 */
export async function showEach(
  steps: readonly DemonstrationStep[],
  tell: (title: string) => Journey,
): Promise<boolean> {
  let isAllShown = true;
  for (const { title, show } of steps) {
    const journey = tell(title);
    await show(journey).catch((error: unknown) => {
      if (isTerminating()) throw error;
      isAllShown = false;
      // A person reads it: what was found and expected stands in the text, not in the stack.
      journey.failed(error instanceof Error ? error.message : String(error));
    });
  }
  return isAllShown;
}
