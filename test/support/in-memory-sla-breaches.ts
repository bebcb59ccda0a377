import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import type { OpenSlaBreaches, SlaBreach } from '#shared/sla/breaches.ts';
import type { BreachQuery, BreachSearch, StoredBreach } from '#shared/sla/search.ts';

export interface InMemorySlaBreaches {
  readonly open: OpenSlaBreaches;
  readonly search: BreachSearch;
  readonly stored: ReadonlyMap<string, StoredBreach>;
  /** From now on recording the file fails; without an error it works again. */
  failFor(filename: string, error?: Error): void;
}

const MAX_KEY_BYTES = 2048;
const LONGEST_READ_MS = 14_000;

export function inMemorySlaBreaches(): InMemorySlaBreaches {
  const stored = new Map<string, StoredBreach>();
  const failures = new Map<string, Error>();
  const record = async (breach: SlaBreach) => {
    await Promise.resolve();
    const failure = failures.get(breach.filename);
    if (failure) throw failure;
    const { reportedAt, ...file } = breach;
    if (Buffer.byteLength(file.folder) > MAX_KEY_BYTES) {
      throw new DependencyRefusedError('item-refused', 'DynamoDB refused it: ValidationError.');
    }
    const known = stored.get(file.errorId);
    const lastReportedAt = [known?.lastReportedAt ?? '', reportedAt].sort()[1];
    const firstReportedAt = known?.firstReportedAt ?? reportedAt;
    stored.set(file.errorId, { ...(known ?? file), firstReportedAt, lastReportedAt });
    return known === undefined ? ('recorded' as const) : ('duplicate' as const);
  };
  return {
    open: () => ({ record }),
    stored,
    failFor: (filename, error) => {
      if (error) failures.set(filename, error);
      else failures.delete(filename);
    },
    search: {
      page: ({ query, from, limit, deadline }) => {
        if (deadline.remainingMs() < LONGEST_READ_MS) {
          const error = new DependencyUnavailableError('no-time-left', 'No time was left to look.');
          return Promise.reject(error);
        }
        const order = ({ affectedDate, errorId }: Pick<StoredBreach, 'affectedDate' | 'errorId'>) =>
          `${affectedDate} ${errorId}`;
        const left = [...stored.values()]
          .filter((breach) => matches(breach, query))
          .sort((a, b) => (order(a) < order(b) ? 1 : -1))
          .filter((breach) => from?.day === undefined || breach.affectedDay <= from.day)
          .filter((breach) => !from?.after || order(breach) < order(from.after));
        const breaches = left.slice(0, limit);
        const last = breaches.at(-1);
        if (left.length === breaches.length || !last)
          return Promise.resolve({ breaches, unreadable: [], next: undefined });
        const day = query.folder === undefined ? last.affectedDay : undefined;
        return Promise.resolve({ breaches, unreadable: [], next: { day, after: last } });
      },
    },
  };
}

function matches(breach: StoredBreach, { days, folder, reportedSince }: BreachQuery): boolean {
  const isOfDay = !days || (days.from <= breach.affectedDay && breach.affectedDay <= days.to);
  const isOfFolder = folder === undefined || breach.folder === folder;
  const lastReportedAt = breach.lastReportedAt ?? '';
  return isOfDay && isOfFolder && (!reportedSince || lastReportedAt >= reportedSince);
}
