import { describe, expect, it } from 'vitest';
import { FULL_RUN, LEAST_STOPS } from './coverage.ts';
import type { Flow } from './flow.ts';
import { Report } from './report.ts';

const flow: Flow = {
  name: 'cafe24',
  options: '',
  steps: ['refresh/post'],
  risks: {},
  violations: {},
};

function reportOf(runs: number, stops: number): Report {
  const report = new Report(flow, 1);
  const steps = { 'refresh/post': { visits: stops, stopsBefore: stops, stopsAfter: 0 } };
  const run = { seed: 1, isZombie: false, hungry: [], violations: [], risks: [], windows: [] };
  const messages = { acknowledged: 0, retried: 0, rejected: 0 };
  report.add({ ...run, posts: 0, messages, steps, trace: [] });
  report.runs = runs;
  return report;
}

describe('the verdict on a run of the crash suite', () => {
  it('is bad when a full run has stopped a step too rarely', () => {
    expect(reportOf(FULL_RUN, LEAST_STOPS - 1).isGood).toBe(false);
    expect(reportOf(FULL_RUN, LEAST_STOPS).isGood).toBe(true);
  });

  it('asks no stops of a shorter run', () => {
    expect(reportOf(FULL_RUN - 1, 0).isGood).toBe(true);
  });
});
