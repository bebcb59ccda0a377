import ts from 'typescript';

const { SyntaxKind } = ts;

/** What each operator is taken for. */
const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [SyntaxKind.LessThanToken]: '<=',
  [SyntaxKind.LessThanEqualsToken]: '<',
  [SyntaxKind.GreaterThanToken]: '>=',
  [SyntaxKind.GreaterThanEqualsToken]: '>',
  [SyntaxKind.AmpersandAmpersandToken]: '||',
  [SyntaxKind.BarBarToken]: '&&',
  [SyntaxKind.PlusToken]: '-',
  [SyntaxKind.MinusToken]: '+',
  [SyntaxKind.AsteriskToken]: '/',
  [SyntaxKind.SlashToken]: '*',
};

/**
 * The mistakes that could stand in a node's place. None that loops for ever without a wait, and none in
 * a text for people (one with a space), which no test should hold to the letter.
 */
export function replacementsOf(node: ts.Node, source: ts.SourceFile): readonly string[] {
  const text = (part: ts.Node) => part.getText(source);
  if (isCondition(node)) return [`!(${text(node)})`, ...operatorMistakes(node, text)];
  if (ts.isBinaryExpression(node)) return operatorMistakes(node, text);
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) return [';'];
  if (ts.isReturnStatement(node) && node.expression) return ['return;'];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
    return [`${text(node).slice(0, node.body.getStart(source) - node.getStart(source))}undefined`];
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return ['[]'];
  if (ts.isPropertyAccessExpression(node) && node.questionDotToken) {
    return [`${text(node.expression)}.${text(node.name)}`];
  }
  return literalMistakes(node);
}

type TextOf = (part: ts.Node) => string;

function operatorMistakes(node: ts.Node, text: TextOf): readonly string[] {
  if (!ts.isBinaryExpression(node) || isBoundOfLoop(node)) return [];
  const { left, operatorToken, right } = node;
  if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) return [text(left), text(right)];
  const operator = OPERATORS[operatorToken.kind];
  const joinsTexts = [left, right].some(
    (it) => ts.isStringLiteralLike(it) || ts.isTemplateExpression(it),
  );
  return operator === undefined || joinsTexts ? [] : [`${text(left)} ${operator} ${text(right)}`];
}

function literalMistakes(node: ts.Node): readonly string[] {
  if (node.kind === SyntaxKind.TrueKeyword) return ['false'];
  if (node.kind === SyntaxKind.FalseKeyword) return ['true'];
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text.replaceAll('_', ''));
    return [String(value * 60 + 1), '0'].filter((it) => Number(it) !== value);
  }
  if (ts.isStringLiteral(node) && !node.text.includes(' ') && node.text !== '' && !isName(node)) {
    return ["''"];
  }
  return [];
}

/** The condition of an `if` or a `?:`. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression === node;
  return ts.isConditionalExpression(parent) && parent.condition === node;
}

function isBoundOfLoop({ parent }: ts.Node): boolean {
  return ts.isForStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent);
}

/** A key of an object, or what a class says of itself, e.g. the name of an error. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isPropertyDeclaration(parent)
  );
}
