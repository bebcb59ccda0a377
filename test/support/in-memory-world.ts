import type { Clock } from '#shared/clock.ts';
import type { Cafe24World } from './cafe24-world.ts';
import { InMemoryCafe24 } from './in-memory-cafe24.ts';

export function inMemoryWorld(clock: Clock): Cafe24World {
  const memory = new InMemoryCafe24(clock);
  const done = () => Promise.resolve();
  return {
    codes: {
      store: ({ mallId, code, receivedAt }) =>
        Promise.resolve(memory.store(mallId, code, receivedAt)),
      begin: (request) => Promise.resolve(memory.begin(request)),
    },
    attempts: {
      close: (attemptId, closure) => Promise.resolve(memory.close(attemptId, closure)),
      endLease: (attemptId) => {
        memory.attempt(attemptId).leaseUntilMs = clock().getTime();
        return done();
      },
      markPublished: (attemptId) => {
        memory.attempt(attemptId).isPublished = true;
        return done();
      },
    },
    tokens: { commit: ({ attemptId }, save) => Promise.resolve(memory.commit(attemptId, save)) },
    insertCode: (mallId, ageSeconds = 0) => {
      const receivedAt = new Date(clock().getTime() - ageSeconds * 1000);
      return Promise.resolve(
        memory.store(mallId, `code-${String(memory.codes.length)}`, receivedAt),
      );
    },
    ageCodes: (mallId, seconds) => {
      const codes = memory.codes.filter((code) => code.mallId === mallId);
      for (const code of codes) code.receivedAtMs -= seconds * 1000;
      return done();
    },
    codeStatus: (codeId) => Promise.resolve(memory.codes.find(({ id }) => id === codeId)?.status),
    setCodeStatus: (codeId, status) => {
      for (const code of memory.codes) if (code.id === codeId) code.status = status;
      return done();
    },
    tokenRow: (mallId) => {
      const row = memory.rows.get(mallId);
      if (row === undefined) return Promise.resolve(undefined);
      const { version, accessToken, refreshToken, status } = row;
      return Promise.resolve({ version, accessToken, refreshToken, status });
    },
    setStatus: (mallId, status) => {
      const row = memory.rows.get(mallId);
      if (row !== undefined) memory.rows.set(mallId, { ...row, status });
      return done();
    },
    expireLease: (attemptId) => {
      memory.attempt(attemptId).leaseUntilMs = clock().getTime() - 1000;
      return done();
    },
  };
}
