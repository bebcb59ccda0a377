import { styleText } from 'node:util';

/** One step of something that takes seconds; exactly one of the two ends it. */
export interface Step {
  /** @param detail what came of it, in a few words, e.g. an address. */
  done(detail?: string): void;
  failed(reason: string): void;
}

/** Where long work says what it does. Steps may run side by side. */
export interface Progress {
  step(name: string): Step;
}

/** Says nothing. */
export const quietProgress: Progress = {
  step: () => ({ done: () => undefined, failed: () => undefined }),
};

/** A stream that progress can be written to. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

type Style = 'green' | 'red' | 'dim';

const showAfterMs = 1_000;

/**
 * A line for each step that ended, with its time in seconds; one that takes longer than a second is
 * announced too. Colours only on a terminal and without `NO_COLOR` (no-color.org, read 2026-11).
 */
export function terminalProgress(
  stream: ProgressStream = process.stderr,
  environment: NodeJS.ProcessEnv = process.env,
): Progress {
  const coloured = stream.isTTY === true && !environment['NO_COLOR'];
  const paint = (style: Style, text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  return {
    step: (name) => {
      const beganMs = performance.now();
      const announcement = setTimeout(() => {
        stream.write(`${paint('dim', `… ${name}`)}\n`);
      }, showAfterMs);
      announcement.unref();
      const end = (mark: string, text: string | undefined) => {
        clearTimeout(announcement);
        const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
        const detail = text === undefined ? '' : `: ${text}`;
        stream.write(`${mark} ${name}${detail} ${paint('dim', `(${seconds} s)`)}\n`);
      };
      return {
        done: (detail) => {
          end(paint('green', '✔'), detail);
        },
        failed: (reason) => {
          end(paint('red', '✘'), reason);
        },
      };
    },
  };
}

/** Runs `work` as a step, which fails when it throws; the error goes on. */
export async function asStep<Result>(
  step: Step,
  work: () => Promise<Result>,
  detail: (result: Result) => string | undefined = () => undefined,
): Promise<Result> {
  try {
    const result = await work();
    step.done(detail(result));
    return result;
  } catch (error) {
    step.failed(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    throw error;
  }
}
