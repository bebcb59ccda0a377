import { describeAuthorizationStates } from '#test/support/authorization-states-suite.ts';
import { inMemoryStates } from '#test/support/in-memory-states.ts';

describeAuthorizationStates('authorization states in memory', () => {
  let shiftMs = 0;
  const codes: string[] = [];
  const store = ({ code }: { readonly code: string }) => Promise.resolve(String(codes.push(code)));
  return {
    states: inMemoryStates(() => new Date(Date.now() + shiftMs), store),
    storedCodes: () => Promise.resolve(codes),
    shiftClock: (seconds) => {
      shiftMs = seconds * 1000;
    },
  };
});
