/** More than these nobody reads, and neither an answer nor a log line should carry them. */
const MOST = 50;

/** The first 50 of a list of problems, and how many are left out. */
export function firstOf<Problem>(problems: readonly Problem[]): {
  readonly first: readonly Problem[];
  readonly further: number;
} {
  return { first: problems.slice(0, MOST), further: Math.max(0, problems.length - MOST) };
}
