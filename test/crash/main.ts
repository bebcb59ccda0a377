import { terminalProgress } from '#infra/local/progress.ts';
import { useLocalAws } from '#infra/local/start-local-aws.ts';
import { startLocalPostgres } from '#infra/local/start-local-postgres.ts';
import { ABLATIONS as CAFE24_RULES } from './cafe24/ablations.ts';
import { CAFE24_ABLATIONS } from './cafe24/driver.ts';
import { CAFE24 } from './cafe24/flow.ts';
import { ABLATIONS as CLAROSHOP_RULES } from './claroshop/ablations.ts';
import { CLAROSHOP_ABLATIONS } from './claroshop/driver.ts';
import { CLAROSHOP, CLAROSHOP_ON_DYNAMODB } from './claroshop/flow.ts';
import { FLOW_NAMES, type Flow, type FlowName } from './flow.ts';
import { MOST_ABLATED_RUNS, readOptions, USAGE, type Options } from './options.ts';
import { reportToText } from './report-text.ts';
import { Report } from './report.ts';
import type { Setting } from './worker.ts';
import { runAll } from './workers.ts';

const ABLATIONS: Readonly<Record<FlowName, readonly string[]>> = {
  cafe24: CAFE24_ABLATIONS,
  claroshop: CLAROSHOP_ABLATIONS,
};

/** What the judge has to say of each rule that is taken out. */
const KINDS: Readonly<Record<FlowName, Readonly<Record<string, readonly string[]>>>> = {
  cafe24: kindsOf(CAFE24_RULES),
  claroshop: kindsOf(CLAROSHOP_RULES),
};

function kindsOf(rules: Readonly<Record<string, () => { readonly kinds: readonly string[] }>>) {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule().kinds]));
}

/** The crash suite in full, one flow after another, on stores of its own. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.wantsHelp) {
    console.log(USAGE);
    return;
  }
  if (options.wantsAblations) {
    process.exitCode = (await noticesAll(options)) ? 0 : 1;
    return;
  }
  const reports: Report[] = [];
  for (const name of flowsOf(options)) {
    const report = new Report(flowOf(name, options), options.seed);
    const { setting, stop } = await open(name, options);
    const isDone = () => options.ablation !== undefined && report.failures.length > 0;
    await runAll(options, { setting, report, isDone }).finally(stop);
    reports.push(report);
  }
  const figures = Object.fromEntries(reports.map((it) => [it.flow.name, it.toJson()]));
  console.log(
    options.wantsJson
      ? JSON.stringify(figures, null, 2)
      : reports.map((it) => reportToText(it)).join('\n\n'),
  );
  process.exitCode = reports.every(({ isGood }) => isGood) ? 0 : 1;
}

/** Takes out each rule in turn. @returns whether the suite has noticed all of them. */
async function noticesAll(options: Options): Promise<boolean> {
  let isAll = true;
  for (const name of flowsOf(options)) {
    for (const [ablation, kinds] of Object.entries(KINDS[name])) {
      const { setting, stop } = await open(name, { ...options, ablation });
      const report = new Report(flowOf(name, options), options.seed);
      const found = () => findingOf(report, kinds);
      const bounded = { ...options, runs: MOST_ABLATED_RUNS };
      const isDone = () => found() !== undefined;
      await runAll(bounded, { setting, report, isDone }).finally(stop);
      isAll &&= isDone();
      console.log(`${name}, ${ablation}: ${found() ?? `not noticed in ${report.runs} runs`}`);
    }
  }
  return isAll;
}

/** @returns in which run, and what the judge said. */
function findingOf({ failures, firstSeed }: Report, kinds: readonly string[]): string | undefined {
  const telling = failures
    .filter(({ violations }) => violations.some(({ kind }) => kinds.includes(kind)))
    .sort((a, b) => a.seed - b.seed);
  const [first] = telling;
  if (first === undefined) return undefined;
  const told = new Set(first.violations.map(({ kind }) => kind));
  return `${[...told].join(', ')} in run ${first.seed - firstSeed + 1}`;
}

/** @throws Error an ablation that none of the flows has. */
function flowsOf({ flow, ablation }: Options): readonly FlowName[] {
  const flows = flow === undefined ? FLOW_NAMES : [flow];
  if (ablation === undefined) return flows;
  const having = flows.filter((name) => ABLATIONS[name].includes(ablation));
  if (having.length === 0) throw new Error(`No ablation is called “${ablation}”.`);
  return having;
}

function flowOf(name: FlowName, { stores }: Options): Flow {
  if (name === 'cafe24') return CAFE24;
  return stores === 'memory' ? CLAROSHOP : CLAROSHOP_ON_DYNAMODB;
}

interface Opened {
  readonly setting: Setting;
  readonly stop: () => Promise<void>;
}

async function open(flow: FlowName, { stores, ablation }: Options): Promise<Opened> {
  if (flow === 'cafe24') {
    const { address, stop } = await startLocalPostgres(terminalProgress());
    return { setting: { flow, address, ablation }, stop };
  }
  if (stores === 'memory') return { setting: { flow, ablation }, stop: () => Promise.resolve() };
  const { localAws, stop } = await useLocalAws(terminalProgress());
  return { setting: { flow, dynamoDbUrl: localAws.endpointUrl, ablation }, stop };
}

await main();
