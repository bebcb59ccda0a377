import type { SSMClient } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenUnavailableError } from '#client/index.ts';
import { bundleToText, textToBundle, type Bundle } from '#shared/claroshop/bundle.ts';
import { bundleName, bundleToNames, projectedNames } from '#shared/claroshop/names.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Parameter, Parameters } from '#shared/ssm/parameters.ts';
import { projectBundle } from '#shared/ssm/projection.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';
import { plentyOfTime } from '#test/support/sla-breaches.ts';
import { readTokenBundle } from '../../../client/token-bundle.ts';

const ACCOUNT = 'default';
const NOW = new Date('2026-11-30T12:00:00Z');

const times = fc
  .date({ min: new Date('2026-12-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const tokens = oddText.map((text) => text || 'token');
const ours: fc.Arbitrary<Bundle> = fc.record(
  {
    access_token: tokens,
    refresh_token: tokens,
    token_type: oddText,
    expires_in: fc.integer(),
    refresh_expires_in: fc.integer(),
    scope: oddText,
    session_state: oddText,
    'not-before-policy': fc.integer(),
    obtained_at: times,
    expires_at: times,
    refresh_expires_at: times,
    attempt_id: fc.uuid(),
  },
  {
    requiredKeys: [
      'access_token',
      'token_type',
      'expires_in',
      'obtained_at',
      'expires_at',
      'attempt_id',
    ],
  },
);
/** As others may have written a bundle: no JSON, other JSON, half of ours, ours with a field of theirs. */
const foreign = fc.oneof(
  oddText,
  fc.json(),
  ours.map((bundle) => bundleToText(bundle).slice(0, -1)),
  fc
    .tuple(ours, fc.constantFrom(...projectedFields()), fc.jsonValue())
    .map(([bundle, field, value]) => JSON.stringify({ ...bundle, [field]: value })),
);
/** As editors and other software save what we wrote. */
const resaved = (bundle: Bundle): fc.Arbitrary<string> =>
  fc.constantFrom(
    bundleToText(bundle),
    `\u{FEFF}${bundleToText(bundle)}`,
    `${JSON.stringify(bundle, null, 2)}\r\n`,
    JSON.stringify({ ...bundle, note: 'of somebody else' }),
  );

function projectedFields(): readonly string[] {
  return [...projectedNames(ACCOUNT).map((name) => name.split('/').at(-1)!), 'expires_at'];
}

/** Parameter Store with what is there already. */
function parametersWith(found: Map<string, Parameter>): Parameters {
  return {
    read: (names) => Promise.resolve(new Map([...found].filter(([name]) => names.includes(name)))),
    put: (parameter) => {
      const version = (found.get(parameter.name)?.version ?? 0) + 1;
      found.set(parameter.name, { ...parameter, version });
      return Promise.resolve(version);
    },
    delete: (name) => {
      found.delete(name);
      return Promise.resolve();
    },
  };
}

const types = fc.constantFrom<Parameter['type']>('String', 'SecureString', 'StringList');
/** Some of the eight names, as others left them. */
const names = fc
  .array(fc.record({ at: fc.nat({ max: 7 }), value: tokens, type: types, version: fc.nat() }))
  .map((all) => all.map(({ at, ...it }) => ({ ...it, name: projectedNames(ACCOUNT)[at]! })));

async function project(text: string, others: readonly Parameter[]) {
  const bundle = { name: bundleName(ACCOUNT), value: text, type: 'String', version: 3 } as const;
  const found = new Map([...others, bundle].map((it) => [it.name, it]));
  const stored = await projectBundle(ACCOUNT, {
    parameters: parametersWith(found),
    attemptsOf: () =>
      ({ standing: () => Promise.resolve({ newest: undefined }) }) as unknown as LeasedAttempts,
    pause: () => Promise.resolve(),
    random: () => 0,
    deadline: plentyOfTime,
    known: undefined,
  });
  return { stored, found };
}

test('whatever others wrote for a bundle is one to the letter, or none', async () => {
  await holdsForEach(foreign, (text) => {
    const read = textToBundle(text);
    if (read === undefined) return;
    expect(JSON.parse(text.replace(/^\u{FEFF}/u, ''))).toMatchObject(read);
  });
});

test('a bundle of ours is never lost, however it was saved again, nor a token changed', async () => {
  const saved = ours.chain((bundle) => resaved(bundle).map((text) => ({ bundle, text })));
  await holdsForEach(saved, ({ bundle, text }) => {
    expect(textToBundle(text)).toEqual(bundle);
  });
});

test('whatever lies under the eight names, they say what the bundle says', async () => {
  await holdsForEach(fc.tuple(ours, names), async ([bundle, others]) => {
    const { stored, found } = await project(bundleToText(bundle), others);

    expect(stored.bundle).toEqual(bundle);
    expect(found.get(bundleName(ACCOUNT))?.value).toBe(bundleToText(bundle));
    for (const { name, value } of bundleToNames(bundle, ACCOUNT)) {
      expect(found.get(name)?.value).toBe(value);
    }
    expect(found.get('/claroshop/access_token')?.value).toBe(bundle.access_token);
    expect(found.get('/claroshop/refresh_token')?.value).toBe(bundle.refresh_token);
  });
});

test('without a bundle of ours the eight names stay as others left them', async () => {
  await holdsForEach(fc.tuple(oddText, names), async ([text, others]) => {
    const { found } = await project(text, others);

    for (const it of new Map(others.map((other) => [other.name, other])).values()) {
      expect(found.get(it.name)).toEqual(it);
    }
  });
});

test('an application gets a token to the letter, or hears why there is none', async () => {
  const parameters = fc.oneof(
    foreign,
    ours.chain((bundle) => resaved(bundle)),
  );
  await holdsForEach(parameters, async (Value) => {
    const send = () => Promise.resolve({ Parameter: { Value, Version: 3 } });
    const means = { ssm: { send } as unknown as SSMClient, clock: () => NOW };
    const read = await readTokenBundle(ACCOUNT, means).catch((error: unknown) => error);

    if (read instanceof TokenUnavailableError) return;
    expect(read).toMatchObject({
      token: {
        accessToken: (JSON.parse(Value.replace(/^\u{FEFF}/u, '')) as Bundle).access_token,
      },
    });
  });
});
