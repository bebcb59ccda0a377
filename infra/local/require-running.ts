import './own-environment.ts';
import type { LocalAws } from './local-aws.ts';
import { findRunningLocalAws } from './start-local-aws.ts';

/** The local AWS that runs; where none does, the process ends and says how to start one. */
export async function requireRunningLocalAws(): Promise<LocalAws> {
  const running = await findRunningLocalAws();
  if (running !== undefined) return running;
  console.error('No local AWS runs in this checkout. Start one in another terminal: npm start');
  process.exit(1);
}
