import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from './cafe24-provider/switches.ts';
import { preludes } from './scripted-provider/preludes.ts';
import type { FaultStage, Place, Traveller } from './fault-stage.ts';

export type Then = keyof typeof WAYS;

/** What leads to the end, in this order, and whether that end is a grant or the code is lost. */
export const WAYS = {
  '–': { steps: [], isLost: false },
  redelivery: { steps: ['redeliver'], isLost: false },
  'redelivery after the lease': { steps: ['endLeases', 'redeliver'], isLost: false },
  recovery: { steps: ['recover'], isLost: false },
  // The first run installs the grant, the next tells of it.
  'two runs of recovery': { steps: ['recover', 'recover'], isLost: false },
  'redelivery and recovery': { steps: ['redeliver', 'recover'], isLost: false },
  'new authorization': { steps: [], isLost: true },
  'redelivery after the lease, new authorization': {
    ...{ steps: ['endLeases', 'redeliver'], isLost: true },
  },
} as const satisfies Record<string, Way>;

interface Way {
  readonly steps: readonly ('endLeases' | 'redeliver' | 'recover')[];
  readonly isLost: boolean;
}

/** What a fault does to a message, to its code and to its mall's row; the README says the same. */
export interface Cell {
  readonly place: string;
  readonly fault: string;
  readonly message: 'acknowledged' | 'retried';
  readonly code: 'not stored' | 'received' | 'exchanging' | 'exchanged' | 'rejected';
  readonly row: 'as before' | 'new grant';
  /** All that is needed, once all is well, for the end; nothing less leads to it. */
  readonly then: Then;
  /** What the log calls the failure: an alarm counts the lines with `misconfigured`. */
  readonly logged?: string;
  readonly arrange: (stage: FaultStage, travellers: readonly Traveller[]) => unknown;
  /** Before the invocation, whatever the place. */
  readonly before?: Cell['arrange'];
  /** Right before this place's statement; without one before the invocation. */
  readonly at?: Place;
  readonly lifeMs?: number;
}

type Ending = Pick<Cell, 'message' | 'code' | 'row' | 'then' | 'logged'>;

const TRIED_AGAIN: Ending = {
  ...{ message: 'retried', code: 'received' },
  ...{ row: 'as before', then: 'redelivery' },
};
const OUR_FAULT: Ending = { ...TRIED_AGAIN, logged: 'misconfigured' };
const CODE_DEAD: Ending = {
  ...{ message: 'acknowledged', code: 'rejected' },
  ...{ row: 'as before', then: 'new authorization' },
};
const DONE: Ending = {
  ...{ message: 'acknowledged', code: 'exchanged' },
  ...{ row: 'new grant', then: '–' },
};
const ESCROWED: Ending = {
  ...{ message: 'acknowledged', code: 'exchanging' },
  ...{ row: 'as before', then: 'two runs of recovery' },
};
/** The POST gets 4 s, then the answer counts as lost. */
const SHORT_LIFE_MS = 10_000;

const says =
  (status: number, error: string, error_description?: string): Cell['arrange'] =>
  (stage) => {
    stage.answerWith(status, { error, error_description });
  };
/** For one request of each mall. */
const switched =
  (switches: Configuration): Cell['arrange'] =>
  (stage, travellers) =>
    Promise.all(
      travellers.map(({ mallId }) =>
        stage.cafe24.configure(mallId, { ...switches, nextRequests: 1 }),
      ),
    );
const faulty = (fault: NonNullable<Configuration['fault']>) => switched({ fault });
const prelude = (name: keyof typeof preludes) => switched({ prelude: preludes[name] });

const cafe24 = (fault: string, ending: Ending, arrange: Cell['arrange']): Cell => ({
  ...{ place: 'Cafe24', fault, ...ending, arrange, lifeMs: SHORT_LIFE_MS },
});

export const CAFE24_CELLS: readonly Cell[] = [
  cafe24('400 invalid_grant', CODE_DEAD, says(400, 'invalid_grant', 'Invalid code')),
  cafe24('401 invalid_grant', CODE_DEAD, says(401, 'invalid_grant')),
  cafe24('400 invalid_client', OUR_FAULT, says(400, 'invalid_client')),
  cafe24('401 invalid_client', OUR_FAULT, says(401, 'invalid_client')),
  cafe24('400 invalid_request', OUR_FAULT, says(400, 'invalid_request', 'redirect_uri')),
  cafe24('401 unauthorized_client', OUR_FAULT, says(401, 'unauthorized_client')),
  cafe24('4xx without an OAuth error', TRIED_AGAIN, (stage) => {
    stage.answerWith(403, { error: { code: 403, message: 'Forbidden' } });
  }),
  cafe24('a wrong secret', OUR_FAULT, (stage) => {
    stage.secret = 'rotated away';
  }),
  cafe24('another redirect URI than it knows', OUR_FAULT, (stage) => {
    stage.redirectUri = 'https://tokenline.example/moved';
  }),
  cafe24('429', TRIED_AGAIN, faulty({ kind: 'status', status: 429 })),
  cafe24(
    '429 with Retry-After',
    TRIED_AGAIN,
    faulty({ kind: 'status', status: 429, retryAfter: '7' }),
  ),
  cafe24('500', TRIED_AGAIN, faulty({ kind: 'status', status: 500 })),
  cafe24('503', TRIED_AGAIN, faulty({ kind: 'status', status: 503 })),
  cafe24('HTML with 502', TRIED_AGAIN, faulty({ kind: 'html', status: 502 })),
  cafe24('HTML with 200', TRIED_AGAIN, faulty({ kind: 'html', status: 200 })),
  cafe24('no connection', TRIED_AGAIN, (stage) => {
    stage.apiUrl = 'http://127.0.0.1:1/{mallId}';
  }),
  cafe24('a redirect', TRIED_AGAIN, (stage, travellers) =>
    faulty({ kind: 'redirect', location: stage.elsewhere })(stage, travellers),
  ),
  cafe24('JSON without refresh_token', CODE_DEAD, switched({ omit: ['refresh_token'] })),
  cafe24('JSON of another mall', CODE_DEAD, switched({ fields: { mall_id: 'other-mall' } })),
  cafe24('reset before it issued', CODE_DEAD, faulty({ kind: 'reset' })),
  cafe24('reset after it issued', CODE_DEAD, faulty({ kind: 'reset', afterIssuing: true })),
  cafe24('JSON that is cut off', CODE_DEAD, switched({ cutToBytes: 60 })),
  cafe24('200 without a body', CODE_DEAD, switched({ cutToBytes: 0 })),
  cafe24('no answer', CODE_DEAD, faulty({ kind: 'hang' })),
  cafe24('an answer that trickles beyond the deadline', CODE_DEAD, switched({ trickleMs: 50 })),
  cafe24('an answer of 10 MB', CODE_DEAD, switched({ padBytes: 10_000_000 })),
  cafe24('a grant with 201', DONE, switched({ grantStatus: 201 })),
  cafe24('a grant behind a byte order mark', DONE, prelude('a byte order mark')),
  cafe24('a grant behind a notice', DONE, prelude('a notice in HTML')),
  cafe24('a grant without its mall', DONE, switched({ omit: ['mall_id'] })),
  cafe24('an answer that trickles in time', DONE, switched({ trickleMs: 1 })),
  cafe24('times in the past', DONE, switched({ shownTimeOffsetSeconds: -86_400 })),
];

/** What becomes of Postgres, in the moment of a statement. */
const POSTGRES = {
  away: (stage) => {
    stage.proxy.set('away');
  },
  slow: (stage) => {
    stage.proxy.set('slow');
  },
  'read-only': (stage) => stage.alterRole('set default_transaction_read_only = on'),
  'fails over': (stage) => {
    stage.proxy.set('away');
    void pause(50).then(() => {
      stage.proxy.set('open');
    });
  },
  'answer lost': (stage) => {
    stage.proxy.set('cut-answers');
  },
  'too many connections': (stage) => stage.alterRole('connection limit 0'),
} satisfies Record<string, (stage: FaultStage) => unknown>;
type PostgresFault = keyof typeof POSTGRES;

const happen = async (stage: FaultStage, fault: PostgresFault): Promise<void> => {
  await POSTGRES[fault](stage);
};

/** A process died between its begin, which it never heard of, and the POST. */
const leaseHeld: Cell['arrange'] = async (stage, travellers) => {
  await stage.deliver(travellers, {
    place: 'begun',
    happens: () => happen(stage, 'answer lost'),
  });
  await stage.heal();
};
const leaseOver: Cell['arrange'] = async (stage, travellers) => {
  await leaseHeld(stage, travellers);
  await stage.endLeases();
};
/** A grant lies in escrow, and the message comes once more. */
const escrowed: Cell['arrange'] = async (stage, travellers) => {
  await stage.deliver(travellers, {
    place: 'commit',
    happens: () => happen(stage, 'away'),
  });
  await stage.heal();
  await stage.endLeases();
};
const busAway: Cell['arrange'] = (stage) => {
  stage.isBusAway = true;
};

const LEASE_HELD: Ending = {
  ...{ message: 'retried', code: 'exchanging' },
  ...{ row: 'as before', then: 'redelivery after the lease' },
};
const LEFT_BEHIND: Ending = { ...LEASE_HELD, then: 'redelivery' };

/** The statements by the words of the README, with what each fault does to them. */
const STATEMENTS: readonly {
  readonly place: string;
  readonly at: Place;
  readonly usual: Ending;
  readonly others: Partial<Record<PostgresFault, Ending>>;
  readonly before?: Cell['arrange'];
}[] = [
  {
    ...{ place: 'storing the code', at: 'store' },
    usual: { ...TRIED_AGAIN, code: 'not stored' },
    // Stored, though nobody was told.
    others: { slow: TRIED_AGAIN, 'answer lost': TRIED_AGAIN },
  },
  { place: 'the begin', at: 'begin', usual: TRIED_AGAIN, others: {} },
  { place: 'the lease', at: 'lease', usual: TRIED_AGAIN, others: {} },
  { place: 'the decision under the lease', at: 'decision', usual: TRIED_AGAIN, others: {} },
  {
    ...{ place: 'the commit of the begin', at: 'begun' },
    usual: TRIED_AGAIN,
    // Begun, though nobody was told: the lease is held by nobody.
    others: { slow: LEASE_HELD, 'answer lost': LEASE_HELD },
  },
  {
    ...{ place: 'the look who holds the lease', at: 'look', before: leaseHeld },
    usual: LEASE_HELD,
    others: {},
  },
  {
    ...{ place: 'the end of a dead attempt', at: 'close', before: leaseOver },
    usual: LEFT_BEHIND,
    others: { slow: TRIED_AGAIN, 'answer lost': TRIED_AGAIN },
  },
  {
    ...{ place: 'the commit from escrow', at: 'commit', before: escrowed },
    usual: LEFT_BEHIND,
    others: {
      // Committed, though nobody was told: recovery finds it in escrow still.
      slow: { ...DONE, message: 'retried', then: 'redelivery and recovery' },
      'answer lost': { ...DONE, message: 'retried', then: 'redelivery and recovery' },
    },
  },
  {
    ...{ place: 'the commit', at: 'commit' },
    usual: ESCROWED,
    others: {
      // Committed and escrowed: recovery finds that it is there.
      slow: { ...DONE, then: 'recovery' },
      'fails over': DONE,
      'answer lost': DONE,
    },
  },
  {
    ...{ place: 'the end without a grant', at: 'close' },
    before: faulty({ kind: 'status', status: 503 }),
    usual: LEASE_HELD,
    others: { slow: TRIED_AGAIN, 'answer lost': TRIED_AGAIN },
  },
  { place: 'the mark “published”', at: 'mark', usual: DONE, others: {} },
  {
    ...{ place: 'giving up an outcome', at: 'giveUp', before: busAway },
    usual: { ...DONE, then: 'recovery' },
    others: {},
  },
];

export const POSTGRES_CELLS: readonly Cell[] = STATEMENTS.flatMap(
  ({ usual, others, ...statement }) =>
    (Object.keys(POSTGRES) as PostgresFault[]).map((fault) => ({
      ...{ ...statement, ...(others[fault] ?? usual) },
      fault: `Postgres ${fault}`,
      arrange: POSTGRES[fault],
    })),
);

export const OTHER_CELLS: readonly Cell[] = [
  {
    ...{ place: 'the commit', fault: 'Postgres and the escrow away', at: 'commit' },
    ...LEASE_HELD,
    then: 'redelivery after the lease, new authorization',
    lifeMs: SHORT_LIFE_MS,
    arrange: (stage) => {
      stage.proxy.set('away');
      stage.isEscrowAway = true;
    },
  },
  {
    ...{ place: 'the escrow of a dead attempt', fault: 'escrow away', ...LEFT_BEHIND },
    before: escrowed,
    arrange: (stage) => {
      stage.isEscrowAway = true;
    },
  },
  {
    ...{ place: 'the outcome', fault: 'EventBridge away', ...DONE, then: 'recovery' },
    arrange: busAway,
  },
];
