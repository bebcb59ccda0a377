import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { claroshopVariables } from '#shared/claroshop/config.ts';
import { readConfig } from '#shared/config.ts';

const Config = z.object(claroshopVariables);
const url = 'https://login.example/token';

describe.each(['CLAROSHOP_USERNAME_PARAMETER', 'CLAROSHOP_PASSWORD_PARAMETER'])('%s', (name) => {
  const read = (parameter: string) =>
    readConfig(Config, { CLAROSHOP_TOKEN_URL: url, [name]: parameter });

  it.each(['/claroshop', '/claroshop/password', '/claroshop/accounts/two/token'])(
    'is not %s, where tokens are written and deleted',
    (parameter) => {
      expect(() => read(parameter)).toThrow(
        `${name}: expected a name that is not below /claroshop`,
      );
    },
  );

  it('is not a name that no ARN can spell', () => {
    expect(() => read('password')).toThrow(`${name}: expected the name of an SSM parameter`);
  });

  it.each(['/claroshop-password', '/tokenline/claroshop/password'])('is %s', (parameter) => {
    expect(read(parameter)).toMatchObject({ [name]: parameter });
  });
});

const isTaken = (CLAROSHOP_TOKEN_URL: string) => Config.safeParse({ CLAROSHOP_TOKEN_URL }).success;

describe('CLAROSHOP_TOKEN_URL', () => {
  it.each([
    'https://loginclaro.com/auth/realms/plataforma-claro/protocol/openid-connect/token',
    'https://login.example:8443/realms/a_b/protocol/openid-connect/token',
    'http://127.0.0.1:4590/auth/realms/plataforma-claro/protocol/openid-connect/token',
  ])('is %s', (url) => {
    expect(isTaken(url)).toBe(true);
  });

  it.each([
    'http://loginclaro.com/auth/realms/plataforma-claro/protocol/openid-connect/token',
    'http://127.0.0.1.example/token',
    'https://user:secret@loginclaro.com/token',
    'https://loginclaro.com/token?client_id=a',
    'https://loginclaro.com',
    '',
  ])('is not %s', (url) => {
    expect(isTaken(url)).toBe(false);
  });
});
