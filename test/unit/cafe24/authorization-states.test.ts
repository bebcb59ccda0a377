import { describeAuthorizationStates } from '#test/support/authorization-states-suite.ts';
import { inMemoryStates } from '#test/support/in-memory-states.ts';

describeAuthorizationStates('authorization states in memory', () => {
  let shiftMs = 0;
  return {
    states: inMemoryStates(() => new Date(Date.now() + shiftMs)),
    shiftClock: (seconds) => {
      shiftMs = seconds * 1000;
    },
  };
});
