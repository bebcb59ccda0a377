import { terminalProgress } from '#infra/local/progress.ts';
import { useLocalAws } from '#infra/local/start-local-aws.ts';
import { startLocalPostgres } from '#infra/local/start-local-postgres.ts';
import { CAFE24_ABLATIONS } from './cafe24/driver.ts';
import { CAFE24 } from './cafe24/flow.ts';
import { CLAROSHOP_ABLATIONS } from './claroshop/driver.ts';
import { CLAROSHOP, CLAROSHOP_ON_DYNAMODB } from './claroshop/flow.ts';
import { FLOW_NAMES, type Flow, type FlowName } from './flow.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { reportToText } from './report-text.ts';
import { Report } from './report.ts';
import type { Setting } from './worker.ts';
import { runAll } from './workers.ts';

const ABLATIONS: Readonly<Record<FlowName, readonly string[]>> = {
  cafe24: CAFE24_ABLATIONS,
  claroshop: CLAROSHOP_ABLATIONS,
};

/** The crash suite in full, one flow after another, on stores of its own. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.wantsHelp) {
    console.log(USAGE);
    return;
  }
  const reports: Report[] = [];
  for (const name of flowsOf(options)) {
    const report = new Report(flowOf(name, options), options.seed);
    const { setting, stop } = await open(name, options);
    await runAll(options, setting, report).finally(stop);
    reports.push(report);
  }
  const figures = Object.fromEntries(reports.map((it) => [it.flow.name, it.toJson()]));
  console.log(
    options.wantsJson
      ? JSON.stringify(figures, null, 2)
      : reports.map((it) => reportToText(it)).join('\n\n'),
  );
  process.exitCode = reports.some(({ failures }) => failures.length > 0) ? 1 : 0;
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
