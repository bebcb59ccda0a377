import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectFolder } from '#infra/local/paths.ts';
import { replacementsOf } from './replacements.ts';
import type { SourceMutation } from './mutation.ts';

/** What decides. */
const SOURCES = ['functions/shared/{grants,oauth,sqs}/**/*.ts', 'functions/!(shared)/*.ts'];
/** What composes and declares, and decides nothing. */
const WITHOUT_DECISIONS = /\/(handler|dependencies|config|settings)\.ts$/;
/** What works in a database alone: `integration` proves it, and no unit test could. */
const PROVED_BY_INTEGRATION = /^functions\/(backfill-sla-errors|migrate-database)\//;

/** The mistakes that the deciding sources can have, by file. */
export function sourceMutations(): ReadonlyMap<string, readonly SourceMutation[]> {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: projectFolder }))
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !WITHOUT_DECISIONS.test(file) && !PROVED_BY_INTEGRATION.test(file));
  const byFile = [...new Set(files)].sort().map((file) => [file, mutationsOf(file)] as const);
  return new Map(byFile.filter(([, mutations]) => mutations.length > 0));
}

function mutationsOf(file: string): readonly SourceMutation[] {
  const text = readFileSync(path.join(projectFolder, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutations: SourceMutation[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || isDeclaredType(node)) return;
    const [start, end] = [node.getStart(source), node.getEnd()];
    for (const becomes of replacementsOf(node, source)) {
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      mutations.push({ file, line, start, end, was: text.slice(start, end), becomes });
    }
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  return mutations;
}

function isDeclaredType(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}
