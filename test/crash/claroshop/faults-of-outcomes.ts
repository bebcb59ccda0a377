import type { Answer } from '#functions/obtain-claroshop-token/answers.ts';
import { bundleName } from '#shared/claroshop/names.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { calm, everyAccount, withoutProvider, type Fault } from './fault.ts';

const isOfGrant = ({ detailType }: OutcomeEvent) =>
  detailType === 'TokenIssued' || detailType === 'TokenRefreshed';

const success: Answer = {
  statusCode: 200,
  body: {
    message: 'ClaroShop tokens successfully obtained and stored',
    ...{ expires_in: 300, token_type: 'Bearer', scope: '' },
  },
};

/** What the world is told, and what is answered. */
export const FAULTS_OF_OUTCOMES = {
  'an outbox that calls published what it never sent': (): Fault => ({
    ...{ kind: 'missing-outcome', text: 'a bundle without event', weather: calm },
    bus: (event) => (isOfGrant(event) ? [] : [event]),
  }),

  'a failure that nobody is told of': (): Fault => ({
    ...{ kind: 'missing-outcome', text: 'an end without event', weather: withoutProvider },
    attempts: (attempts) => ({
      ...attempts,
      close: (id, { outcome, reason }, rest) => attempts.close(id, { outcome, reason }, rest),
    }),
  }),

  'an outbox that is never emptied': (): Fault => ({
    ...{ kind: 'missing-outcome', text: 'not marked as published', weather: calm },
    attempts: (attempts) => ({ ...attempts, markPublished: () => Promise.resolve() }),
  }),

  'an outcome that names another version': (): Fault => ({
    ...{ kind: 'outcome-against-the-bundle', text: '-', weather: calm },
    bus: ({ detailType, detail }) => [
      isOfGrant({ detailType, detail })
        ? { detailType, detail: { ...detail, version: 1_000 } }
        : { detailType, detail },
    ],
  }),

  'a direct invocation without an answer': (): Fault => ({
    ...{ kind: 'no-answer', text: 'ended without one', weather: calm },
    answer: once(() => {
      throw new Error('a bug');
    }),
    plant: everyAccount((world, account) => world.invoke(account)),
  }),

  'a direct invocation that says yes to nothing': (): Fault => ({
    ...{ kind: 'dead-answer', text: 'nothing is stored', weather: withoutProvider },
    answer: () => success,
    plant: everyAccount((world, account) => {
      world.parameters.held.delete(bundleName(account));
      return world.invoke(account);
    }),
  }),

  'a direct invocation that says yes to the old': (): Fault => ({
    ...{ kind: 'dead-answer', text: 'older than its invocation', weather: withoutProvider },
    answer: () => success,
    plant: everyAccount((world, account) => world.invoke(account), -330_000),
  }),

  'a direct invocation that says yes to the dead': (): Fault => ({
    ...{ kind: 'dead-answer', text: 'expired', weather: withoutProvider },
    answer: () => success,
    plant: everyAccount((world, account) => world.invoke(account)),
  }),
} satisfies Record<string, () => Fault>;

/** The last answers, after all is healed, are looked at by another check. */
function once(answer: (answer: Answer) => Answer) {
  let isDone = false;
  return (given: Answer): Answer => {
    if (isDone) return given;
    isDone = true;
    return answer(given);
  };
}
