import { styleText } from 'node:util';

/** The way of one message, told stop by stop. */
export interface Journey {
  stop(place: string, what: string, at: Date): void;
  /** It did not come to its end. */
  failed(reason: string): void;
}

const PLACE_WIDTH = 12;
const TIME_WIDTH = 9;

/** Prints each stop with its time since the first one. Colours only where the terminal has them. */
export function printedJourney(title: string, print: (line: string) => void): Journey {
  let began: Date | undefined;
  print('');
  print(styleText('bold', title));
  return {
    stop(place, what, at) {
      began ??= at;
      const elapsed = `+${String(at.getTime() - began.getTime())} ms`.padStart(TIME_WIDTH);
      print(
        `${styleText('dim', elapsed)}  ${styleText('cyan', place.padEnd(PLACE_WIDTH))} ${what}`,
      );
    },
    failed(reason) {
      print(styleText('red', `${' '.repeat(TIME_WIDTH)}  ${reason}`));
    },
  };
}

/** Enough of a secret to recognise it, too little to use it. */
export function masked(secret: string): string {
  return `${secret.slice(0, 4)}… (${secret.length} characters)`;
}
