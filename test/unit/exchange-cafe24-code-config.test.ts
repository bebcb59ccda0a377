import { describe, expect, it } from 'vitest';
import { Config } from '#functions/exchange-cafe24-code/config.ts';
import { readConfig } from '#shared/config.ts';

const environment = {
  PGHOST: 'db.example',
  PGPORT: '5432',
  PGUSER: 'tokenline',
  PGDATABASE: 'tokenline',
  PGSSLMODE: 'verify-full',
  PGPASSWORD_PARAMETER: '/tokenline/pgpassword',
  BUS_NAME: 'tokenline',
  ESCROW_TABLE: 'tokenline-grant-escrow',
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q-dlq',
  CAFE24_API_URL: 'https://{mallId}.cafe24api.com',
  CAFE24_MALLS: 'one-mall,two-mall',
  CAFE24_CLIENT_ID: 'client',
  CAFE24_CLIENT_SECRET_PARAMETER: '/tokenline/cafe24/client_secret',
  CAFE24_REDIRECT_URI: 'https://tokenline.example/cafe24/callback',
};

describe('the configuration of exchange-cafe24-code', () => {
  it('is read from the environment', () => {
    expect(readConfig(Config, environment)).toMatchObject({
      PGPORT: 5432,
      CAFE24_MALLS: ['one-mall', 'two-mall'],
    });
  });

  it('names every variable that is missing or wrong, and no value', () => {
    const wrong = {
      ...environment,
      PGHOST: undefined,
      PGPORT: 'secret-port',
      CAFE24_MALLS: 'Bad!',
    };
    const read = () => readConfig(Config, wrong);
    expect(read).toThrow(/PGHOST: .*; PGPORT: .*; CAFE24_MALLS\.0: /);
    expect(read).not.toThrow(/secret-port|Bad!/);
  });

  it.each([
    'http://{mallId}.cafe24api.com',
    'https://cafe24api.com/{mallId}',
    'https://evil.example@{mallId}.cafe24api.com',
    'https://{mallId}.cafe24api.com/path',
  ])('takes no api url like %s', (CAFE24_API_URL) => {
    expect(() => readConfig(Config, { ...environment, CAFE24_API_URL })).toThrow('CAFE24_API_URL');
  });
});
