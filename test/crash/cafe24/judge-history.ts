import { z } from 'zod';
import { OutcomeEventRow } from '#shared/postgres/finished-attempts.ts';
import type { Violation } from '../flow.ts';
import { say } from './violations.ts';
import type { Cafe24World } from './world.ts';

const EndRow = z.object({
  attempt_id: z.string(),
  grant_type: z.string(),
  outcome: z.string(),
  event: OutcomeEventRow.nullable(),
  row_status: z.string().nullable(),
});
type EndRow = z.infer<typeof EndRow>;

/** What the tables say at the end, and what the triggers noted on the way there. */
export async function judgeHistory({ database, events }: Cafe24World): Promise<Violation[]> {
  const rowsOf = async (text: string) =>
    (await database.sql(text)).map((row) => JSON.stringify(row));
  const ends = z.array(EndRow).parse(await database.sql(ENDS));
  const told = new Set(
    events.map(({ detailType, detail }) => `${detailType} ${String(detail['attemptId'])}`),
  );
  return [
    ...(await rowsOf(BACK)).map((row) => say('version-went-back', row)),
    ...(await rowsOf(STUCK_CODES)).map((row) => say('stuck-code', row)),
    ...(await rowsOf(OPEN_ATTEMPTS)).map((row) => say('open-attempt', row)),
    ...(await rowsOf(SILENT)).map((row) => say('missing-outcome', `commit without event ${row}`)),
    ...ends.flatMap((end) => judgeEnd(end, told)),
  ];
}

function judgeEnd(end: EndRow, told: ReadonlySet<string>): Violation[] {
  const { attempt_id: id, outcome, event, row_status: status } = end;
  const text = `${outcome} of ${id}`;
  if (event === null) {
    return mustTell(end) ? [say('missing-outcome', `a code's failure without event: ${text}`)] : [];
  }
  const violations: Violation[] = [];
  if (!told.has(`${event.detailType} ${id}`)) {
    violations.push(say('missing-outcome', `never published: ${text}`));
  }
  if (String(event.detail['reason']).startsWith('code-') && status === 'active') {
    violations.push(say('outcome-against-the-row', `a code's failure of a living grant: ${text}`));
  }
  return violations;
}

/** A code is over, and the mall has nothing else. */
function mustTell({ grant_type: grantType, outcome, row_status: status }: EndRow): boolean {
  const isOver = ['rejected', 'unknown', 'expired'].includes(outcome);
  return grantType === 'authorization_code' && isOver && status !== 'active';
}

const ENDS = 'select attempt_id, grant_type, outcome, event, row_status from crash.end_log';
const BACK = `
  select mall_id, old_version, version from crash.token_log
   where version < old_version
      or (version = old_version and refresh_token is distinct from old_refresh_token)`;
const STUCK_CODES = `
  select id, mall_id, status from cafe24.oauth_authorization_codes
   where status in ('received', 'exchanging')`;
const OPEN_ATTEMPTS = `
  select attempt_id, mall_id, grant_type from cafe24.token_attempts where finished_at is null`;
const SILENT = `
  select attempt_id, outcome from cafe24.token_attempts
   where outcome in ('issued', 'refreshed') and (event is null or published_at is null)`;
