import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { Config as AuthenticateUser } from '#functions/authenticate-user/config.ts';
import { runtimeDependencies as toSignIn } from '#functions/authenticate-user/dependencies.ts';
import { Config as SubmitSlaErrors } from '#functions/submit-sla-errors/config.ts';
import { runtimeDependencies as toSubmit } from '#functions/submit-sla-errors/dependencies.ts';
import { tokenVariables, trustedTokens } from '#shared/cognito/config.ts';
import { readConfig } from '#shared/config.ts';

const VARIABLES = { AWS_REGION: 'us-east-1', COGNITO_CLIENT_ID: 'client-1' };
const POOL = { COGNITO_USER_POOL_ID: 'us-east-1_AbCdEfGhI' };
const SUBMIT = { ...VARIABLES, ...POOL, BUS_NAME: 'tokenline', SLA_TIME_ZONE: 'America/Bogota' };

const issuers = (environment: NodeJS.ProcessEnv) =>
  trustedTokens(readConfig(z.object(tokenVariables), { ...VARIABLES, ...environment })).issuers;

describe('the issuer', () => {
  it('follows from region and pool', () => {
    expect(issuers(POOL)).toContain(
      'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI',
    );
  });

  it('may be the one of several regions, to which the owner of a pool can switch', () => {
    expect(issuers(POOL)).toContain(
      'https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI',
    );
  });

  it('of a replica names the region of the pool, or its own', () => {
    const pool = 'amazonaws.com/us-east-1_AbCdEfGhI';
    expect(issuers({ ...POOL, AWS_REGION: 'us-west-2' })).toEqual([
      `https://cognito-idp.us-west-2.${pool}`,
      `https://cognito-idp.us-east-1.${pool}`,
      `https://issuer-cognito-idp.us-east-1.${pool}`,
    ]);
  });

  it('may be named, as for a pool on a local AWS', () => {
    const COGNITO_ISSUER = 'http://127.0.0.1:4566/us-east-1_AbCdEfGhI';
    expect(issuers({ ...POOL, COGNITO_ISSUER })).toEqual([COGNITO_ISSUER]);
  });

  it('must be known', () => {
    expect(() => issuers({})).toThrow('Set COGNITO_USER_POOL_ID or COGNITO_ISSUER.');
  });

  test.each([
    'http://keys.example/pool',
    'http://127.0.0.1.keys.example:80/pool',
    'https://keys.example/pool/',
    'https://keys.example/pool?a=b',
    'keys.example/pool',
  ])('may not be %s', (COGNITO_ISSUER) => {
    expect(() => issuers({ COGNITO_ISSUER })).toThrow('COGNITO_ISSUER: expected https://');
  });
});

describe('authenticate-user', () => {
  test.each([
    [{}],
    [{ COGNITO_CLIENT_SECRET: 'secret' }],
    [{ COGNITO_CLIENT_SECRET_PARAMETER: '/tokenline/cognito/client-secret' }],
  ])('starts with the secret in %j', (secret) => {
    const config = readConfig(AuthenticateUser, { ...VARIABLES, ...secret });
    expect(toSignIn(config)).toHaveProperty('signIn');
  });
});

describe('submit-sla-errors', () => {
  it('starts with the variables that it names, and takes ID tokens unless told otherwise', () => {
    const config = readConfig(SubmitSlaErrors, SUBMIT);
    expect(config.COGNITO_TOKEN_USE).toBe('id');
    expect(toSubmit(config)).toMatchObject({ zone: 'America/Bogota' });
  });

  test.each([
    ['SLA_TIME_ZONE', 'America/Atlantis'],
    ['COGNITO_TOKEN_USE', 'refresh'],
    ['BUS_NAME', ''],
  ])('does not start with %s=%j', (name, value) => {
    expect(() => readConfig(SubmitSlaErrors, { ...SUBMIT, [name]: value })).toThrow(`${name}: `);
  });
});
