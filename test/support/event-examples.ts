import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../events/examples/', import.meta.url);

interface Named {
  readonly detailType: string;
}

interface Example {
  /** Name of its file. */
  readonly file: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** `TokenIssued` has its examples in `token-issued.json` and `token-issued.<form>.json`. */
export function exampleName({ detailType }: Named): string {
  return detailType.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** All examples of one event. */
export function examplesOf(event: Named): readonly Example[] {
  const files = readdirSync(FOLDER).filter((file) => file.split('.')[0] === exampleName(event));
  return files.map((file) => ({
    file,
    detail: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Example['detail'],
  }));
}
