import { textToBundle } from '#shared/claroshop/bundle.ts';
import { bundleName } from '#shared/claroshop/names.ts';
import type { Parameter, Parameters } from '#shared/ssm/parameters.ts';
import type { Line } from '../line.ts';
import type { GrantWatch } from './grant-watch.ts';
import type { ClaroshopWorld } from './world.ts';

/** Parameter Store, each of whose calls is a step: those for a bundle, and those for the names. */
export function steppedParameters(line: Line<ClaroshopWorld>, watch: GrantWatch): Parameters {
  const { seenParameters: parameters, accounts, chronicle } = line.process.world;
  const place = 'parameters';
  const accountOf = new Map(accounts.map((account) => [bundleName(account), account]));
  const note = ({ name, value }: Omit<Parameter, 'version'>, version: number) => {
    const account = accountOf.get(name);
    const bundle = textToBundle(value);
    if (account === undefined) chronicle.named(name, value);
    else if (bundle !== undefined) watch.put(account, version, bundle);
  };
  return {
    read: (names) =>
      line.call({
        ...{ name: names.length === 1 ? 'read-bundle' : 'read-names', place },
        perform: () => parameters.read(names),
      }),
    put: (parameter) =>
      line.call({
        ...{ name: accountOf.has(parameter.name) ? 'put-bundle' : 'put-name', place },
        perform: async () => {
          const version = await parameters.put(parameter);
          note(parameter, version);
          return version;
        },
      }),
    delete: (name) =>
      line.call({ ...{ name: 'delete-name', place }, perform: () => parameters.delete(name) }),
  };
}
