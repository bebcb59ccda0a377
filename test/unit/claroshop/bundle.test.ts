import { describe, expect, it } from 'vitest';
import { bundleToText, grantToBundle, textToBundle } from '#shared/claroshop/bundle.ts';
import { bundleName, projectedNames } from '#shared/claroshop/names.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { someClaroshopGrant } from '#test/support/claroshop/some-grant.ts';

const attemptId = '5f2c1d0e-8a4b-4c6d-9e7f-1a2b3c4d5e6f';
const ours = () => grantToBundle(someClaroshopGrant(), attemptId);
const response = { access_token: 'a', refresh_token: 'r', expires_in: 300, token_type: 'Bearer' };

/** What other software, or a person, may have written into the bundle's parameter. */
const OF_OTHERS: readonly (readonly [string, string])[] = [
  ['no JSON', 'access-token-of-the-predecessor'],
  ['JSON of another form', '{"by":"hand"}'],
  ['the bare response, without when it was given', JSON.stringify(response)],
  ['a list', '[1,2]'],
  ['null', 'null'],
  ['a blank', ' '],
  ['a byte order mark alone', '\u{FEFF}'],
  ['a bundle that is cut', bundleToText(ours()).slice(0, 90)],
  ['a time that is none', bundleToText({ ...ours(), expires_at: 'soon' })],
];

describe('a bundle', () => {
  it.each([
    ['as it was written', (text: string) => text],
    ['with a byte order mark', (text: string) => `\u{FEFF}${text}`],
    ['with the end of a line', (text: string) => `${text}\r\n`],
    ['formatted by an editor', (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
  ])('is read %s', (_, edit) => {
    const bundle = ours();
    expect(textToBundle(edit(bundleToText(bundle)))).toEqual(bundle);
  });

  it('has a text that Parameter Store takes whatever stands in it, and that says the same', () => {
    const bundle = { ...ours(), access_token: '{{a}}{{{b}}}', scope: '{{ssm:/x}}' };
    expect(bundleToText(bundle)).not.toContain('{{');
    expect(textToBundle(bundleToText(bundle))).toEqual(bundle);
  });

  it.each(OF_OTHERS)('is none of ours: %s', (_, text) => {
    expect(textToBundle(text)).toBeUndefined();
  });
});

describe.each(['String', 'StringList', 'SecureString'] as const)(
  'parameters of type %s',
  (type) => {
    it.each(OF_OTHERS)(
      'of others keep their type, and the password brings what takes their place: %s',
      async (_, value) => {
        const world = new ClaroshopWorld(inMemoryStores().storesOf);
        const names = [bundleName(world.account), ...projectedNames(world.account)];
        for (const name of names) await world.stores.truth.put({ name, value, type });
        expect(await world.process().sweep()).toMatchObject({ warned: 1, expired: 1 });
        expect((await world.stores.truth.read(names.slice(1))).get(names[1]!)?.value).toBe(value);
        for (const warning of world.takeWarnings()) await world.process().refresh(warning);
        expect(world.realm.posts.map(({ grantType }) => grantType)).toEqual(['password']);
        expect(await world.bundle()).toMatchObject({ version: 2 });
        expect(await world.staleNames()).toEqual([]);
        const stored = await world.stores.truth.read(names);
        expect(new Set([...stored.values()].map((it) => it.type))).toEqual(new Set([type]));
      },
    );
  },
);
