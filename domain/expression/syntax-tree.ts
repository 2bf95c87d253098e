import type { ASTNode } from '@marcbachmann/cel-js'
import { loops } from './vocabulary.ts'

/** Calls `look` for every node of an expression, with the names that the loops around it have given to their items. */
export function walk(node: ASTNode, look: (node: ASTNode, items: readonly string[]) => void): void {
  visit(node, [], look)
}

function visit(node: ASTNode, items: readonly string[], look: (node: ASTNode, items: readonly string[]) => void): void {
  look(node, items)
  const item = itemNameOf(node)
  if (item !== undefined && node.op === 'rcall') {
    const [, receiver, [, ...inside]] = node.args
    visit(receiver, items, look)
    for (const child of inside) visit(child, [...items, item], look)
    return
  }
  for (const child of childrenOf(node)) visit(child, items, look)
}

/** The name that a loop gives to each item; undefined for anything else. */
function itemNameOf(node: ASTNode): string | undefined {
  if (node.op !== 'rcall' || !loops.includes(node.args[0])) return undefined
  const first = node.args[2][0]
  return first?.op === 'id' ? first.args : undefined
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case '!_':
    case '-_':
      return [node.args]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

/** `order.lines[0].sku` as `['order', 'lines', 0, 'sku']`; undefined for what is not a variable with fields. */
export function pathOf(node: ASTNode): readonly (string | number)[] | undefined {
  if (node.op === 'id') return [node.args]
  if (node.op !== '.' && node.op !== '[]') return undefined
  const before = pathOf(node.args[0])
  const key = node.op === '.' ? node.args[1] : literalKey(node.args[1])
  return before === undefined || key === undefined ? undefined : [...before, key]
}

function literalKey(node: ASTNode): string | number | undefined {
  if (node.op !== 'value') return undefined
  return typeof node.args === 'string' ? node.args : typeof node.args === 'bigint' ? Number(node.args) : undefined
}
