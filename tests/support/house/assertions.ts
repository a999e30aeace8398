import ts from 'typescript'
import { parse, placeOf, type Source, walk } from './source.ts'

/**
 * Tests that could not fail: without an assertion, with an expectation that has no matcher, skipped, to be written, or
 * focused so that the others do not run. An assertion is a matcher of `expect(…)`, or a call of a function whose name
 * begins with `expect` or `assert`. `skipIf` and `runIf` are allowed: some machines cannot show what a test is about.
 */
export function assertionViolations(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => /^tests\/.*\.ts$/.test(path))
    .flatMap((source) => {
      const found: string[] = []
      walk(parse(source), (node) => {
        if (!ts.isCallExpression(node)) return
        const problem = problemOf(node)
        if (problem !== null) found.push(`${placeOf(source, node)} ${problem}`)
      })
      return found
    })
}

function problemOf(call: ts.CallExpression): string | null {
  const callee = call.expression.getText()
  if (/^(it|test|describe)\b.*\.(skip|todo|only|fails)$/s.test(callee)) return `does not run or runs alone`
  if (callee === 'expect' && !isMatched(call)) return 'expects without a matcher'
  if (!isTest(call)) return null
  const body = call.arguments.find((argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument))
  if (body === undefined)
    return isAssertionName(call.arguments.at(-1)?.getText() ?? '') ? null : 'has no body of its own'
  return asserts(body) ? null : 'asserts nothing'
}

/** `it('…', …)`, `test('…', …)`, and what `it.each(…)` and its like give; not the call of `it.each` itself. */
function isTest(call: ts.CallExpression): boolean {
  const { expression } = call
  if (ts.isIdentifier(expression)) return expression.text === 'it' || expression.text === 'test'
  if (ts.isCallExpression(expression) || ts.isTaggedTemplateExpression(expression)) {
    const inner = ts.isCallExpression(expression) ? expression.expression : expression.tag
    return /^(it|test)\.(concurrent\.|sequential\.)?(each|for|skipIf|runIf)$/.test(inner.getText())
  }
  return /^(it|test)\.(concurrent|sequential)$/.test(expression.getText())
}

function asserts(body: ts.Node): boolean {
  let found = false
  walk(body, (node) => {
    if (found || !ts.isCallExpression(node)) return
    const { expression } = node
    if (ts.isIdentifier(expression)) found = expression.text !== 'expect' && isAssertionName(expression.text)
    else if (ts.isPropertyAccessExpression(expression)) {
      const root = rootOf(expression)
      found = isMatcher(expression) || root === 'assert' || isAssertionName(expression.name.text)
    }
  })
  return found
}

/** The last property of a chain that begins with a call of `expect`, as `toBe` in `expect(x).not.toBe(y)`. */
function isMatcher(access: ts.PropertyAccessExpression): boolean {
  let node: ts.Expression = access.expression
  while (ts.isPropertyAccessExpression(node)) node = node.expression
  return ts.isCallExpression(node) && /^expect(\.(soft|poll))?$/.test(node.expression.getText())
}

function isMatched(call: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.parent)
}

function isAssertionName(text: string): boolean {
  return /^(expect|assert)([A-Z]\w*)?$/.test(text) && text !== 'expect'
}

function rootOf(access: ts.PropertyAccessExpression): string {
  let node: ts.Expression = access
  while (ts.isPropertyAccessExpression(node)) node = node.expression
  return node.getText()
}
