import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { Config as AuthenticateUser } from '#functions/authenticate-user/config.ts';
import { runtimeDependencies as toSignIn } from '#functions/authenticate-user/dependencies.ts';
import { Config as SubmitSlaErrors } from '#functions/submit-sla-errors/config.ts';
import { runtimeDependencies as toSubmit } from '#functions/submit-sla-errors/dependencies.ts';
import { issuerOf, tokenVariables } from '#shared/cognito/config.ts';
import { readConfig } from '#shared/config.ts';

const VARIABLES = { AWS_REGION: 'us-east-1', COGNITO_CLIENT_ID: 'client-1' };
const POOL = { COGNITO_USER_POOL_ID: 'us-east-1_AbCdEfGhI' };
const SUBMIT = { ...VARIABLES, ...POOL, BUS_NAME: 'tokenline', SLA_TIME_ZONE: 'America/Bogota' };

const issuer = (environment: NodeJS.ProcessEnv) =>
  issuerOf(readConfig(z.object(tokenVariables), { ...VARIABLES, ...environment }));

describe('the issuer', () => {
  it('follows from region and pool', () => {
    expect(issuer(POOL)).toBe('https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI');
  });

  it('may be named, as for a pool on a local AWS', () => {
    const COGNITO_ISSUER = 'http://127.0.0.1:4566/us-east-1_AbCdEfGhI';
    expect(issuer({ ...POOL, COGNITO_ISSUER })).toBe(COGNITO_ISSUER);
  });

  it('must be known', () => {
    expect(() => issuer({})).toThrow('Set COGNITO_USER_POOL_ID or COGNITO_ISSUER.');
  });

  test.each([
    'http://keys.example/pool',
    'http://127.0.0.1.keys.example:80/pool',
    'https://keys.example/pool/',
    'https://keys.example/pool?a=b',
    'keys.example/pool',
  ])('may not be %s', (COGNITO_ISSUER) => {
    expect(() => issuer({ COGNITO_ISSUER })).toThrow('COGNITO_ISSUER: expected https://');
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
