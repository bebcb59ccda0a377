import { z } from 'zod';

const FunctionOutputs = z.object({ functionName: z.string() });

export type FunctionOutputs = z.infer<typeof FunctionOutputs>;

const WorkerOutputs = z.object({
  ...FunctionOutputs.shape,
  queueUrl: z.url(),
  deadLetterQueueUrl: z.url(),
});
export type WorkerOutputs = z.infer<typeof WorkerOutputs>;

/** What a deploy tells: the names and addresses that publishers, operators and tests need. */
export const StackOutputs = z.object({
  busName: z.string(),
  /** What an operator should know of the database, though nothing is wrong with it; else empty. */
  databaseNotes: z.string(),
  unroutedEventsQueueUrl: z.url(),
  undeliverableEventsQueueUrl: z.url(),
  escrowTable: z.string(),
  /** Invoked with `{}` by a person; its schedule is off unless the stage wants it. */
  announceCafe24Codes: FunctionOutputs,
  exchangeCafe24Code: WorkerOutputs,
  refreshCafe24Token: WorkerOutputs,
  /** Schedules; where the stage has them disabled, they are invoked by hand. */
  warnCafe24Expiry: FunctionOutputs,
  recoverCafe24Grants: FunctionOutputs,
  attemptsTable: z.string(),
  refreshClaroshopToken: WorkerOutputs,
  /** Invoked directly, with `{}` or `{"account": "…"}`. */
  obtainClaroshopToken: FunctionOutputs,
  warnClaroshopExpiry: FunctionOutputs,
  recordSlaErrors: WorkerOutputs,
  fileSlaErrorsTable: z.string(),
  userPoolId: z.string(),
  clientId: z.string(),
  apiId: z.string(),
  /** Of the stage, without a slash at the end: a route's path goes behind it. */
  apiUrl: z.url(),
});
export type StackOutputs = z.infer<typeof StackOutputs>;
