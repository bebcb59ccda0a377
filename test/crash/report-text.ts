import { LEAST_STOPS } from './coverage.ts';
import type { Flow } from './flow.ts';
import type { Report } from './report.ts';
import type { Percentiles } from './windows.ts';

type Figures = ReturnType<Report['toJson']>;

const MOST_FAILURES = 20;

export function reportToText(report: Report): string {
  const figures = report.toJson();
  const { messages, failures } = figures;
  return [
    `${figures.flow}: ${figures.runs} runs from seed ${figures.seed} in ${figures.seconds} s ` +
      `(${figures.zombieRuns} with pauses beyond leases)`,
    `  ${figures.posts} requests to the provider; messages: ${messages.acknowledged} acknowledged, ` +
      `${messages.retried} retried, ${messages.rejected} rejected`,
    '',
    ...stepLines(figures),
    '',
    'Grants at risk',
    ...countLines(report.flow.risks, figures.grantsAtRisk),
    '',
    'Violations',
    ...countLines(report.flow.violations, figures.violations),
    '',
    'Unsaved window, from the answer to the first durable write (real time of own work; simulated',
    'waits, for faults and between tries, are not in it)',
    `  stored by the first try: ${toText(figures.unsavedWindowMs)}`,
    `  stored after simulated faults, on a new connection: ${toText(figures.unsavedWindowAfterFaultsMs)}`,
    `  put into escrow after simulated faults: ${toText(figures.unsavedWindowToEscrowMs)}`,
    `    the same with the simulated waits: ${toText(figures.unsavedWindowToEscrowInAllMs)}`,
    ...failures.slice(0, MOST_FAILURES).map((failure) => failureLine(failure, report.flow)),
    ...(failures.length > MOST_FAILURES
      ? [`… and ${failures.length - MOST_FAILURES} more failed runs`]
      : []),
  ].join('\n');
}

function stepLines({ steps, stoppedTooRarely }: Figures): string[] {
  const rare = stoppedTooRarely.map(({ step, stops }) => `${step} ${stops}`).join(', ');
  return [
    'Stops by step                                       visits   before    after',
    ...steps.map(({ step, visits, stopsBefore, stopsAfter }) =>
      [
        `  ${step.padEnd(47)}`,
        ...[visits, stopsBefore, stopsAfter].map((count) => String(count).padStart(8)),
      ].join(' '),
    ),
    rare === ''
      ? `Every step was stopped at least ${LEAST_STOPS} times.`
      : `Stopped fewer than ${LEAST_STOPS} times: ${rare}`,
  ];
}

function countLines(
  texts: Readonly<Record<string, string>>,
  counts: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(texts).map(
    ([key, text]) => `  ${text.padEnd(76)} ${String(counts[key]).padStart(6)}`,
  );
}

function toText({ count, p50, p99, max }: Percentiles): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)} (${count} grants)`;
}

/** What the judge found in one run, and how to repeat it. */
export function failureLine(
  { seed, hungry, violations }: Figures['failures'][number],
  flow: Flow,
): string {
  const told = violations.map(({ kind, text }) => `${kind} (${text})`).join(', ');
  const likelier = hungry.length === 0 ? '' : ` --hungry ${hungry.join(',')}`;
  const again = `npm run test:crash -- ${flow.options} --seed ${seed} --runs 1${likelier}`;
  return `✘ seed ${seed}: ${told}\n  ${again}`;
}
