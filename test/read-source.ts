import { parseSync } from '@swc/core'

export type SourceImport = {
  /** As written; undefined when a dynamic import computes it. */
  readonly specifier: string | undefined
  readonly typeOnly: boolean
}

export type SourceFacts = {
  readonly imports: readonly SourceImport[]
  /** Uses of clock, chance, timers, network and process, as `Date.now` or `fetch()`. */
  readonly impurities: readonly string[]
}

type Node = { readonly type: string; readonly [key: string]: unknown }

const IMPURE_CALLS = new Set([
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'require',
  'eval',
])
const IMPURE_OBJECTS = new Set(['process', 'globalThis', 'performance', 'crypto', 'console'])
const IMPURE_MEMBERS = new Set(['Date.now', 'Date.[...]', 'Math.random', 'Math.[...]'])

/** What a TypeScript source imports and which impure globals it uses; comments and strings do not count. */
export const readSource = (code: string): SourceFacts => {
  const imports: SourceImport[] = []
  const impurities: string[] = []
  visit(parseSync(code, { syntax: 'typescript', tsx: false, target: 'es2022' }) as unknown as Node, node => {
    const found = importIn(node)
    if (found !== undefined) imports.push(found)
    const impurity = impurityIn(node)
    if (impurity !== undefined) impurities.push(impurity)
  })
  return { imports, impurities }
}

const visit = (value: unknown, see: (node: Node) => void): void => {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') see(value as Node)
    for (const child of Object.values(value)) visit(child, see)
  }
}

const importIn = (node: Node): SourceImport | undefined => {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      // `import { type X }` still loads the module: only `import type` does not.
      return text(node.source) === undefined
        ? undefined
        : { specifier: text(node.source), typeOnly: node.typeOnly === true }
    case 'TsImportType':
      return { specifier: text(node.argument), typeOnly: true }
    case 'CallExpression': {
      if ((node.callee as Node).type !== 'Import') return undefined
      const [first] = node.arguments as readonly { readonly expression: Node }[]
      return { specifier: text(first?.expression), typeOnly: false }
    }
    default:
      return undefined
  }
}

const impurityIn = (node: Node): string | undefined => {
  switch (node.type) {
    case 'NewExpression':
      return identifier(node.callee) === 'Date' && ((node.arguments as unknown[] | null) ?? []).length === 0
        ? 'new Date()'
        : undefined
    case 'CallExpression': {
      const name = identifier(node.callee)
      return name !== undefined && IMPURE_CALLS.has(name) ? `${name}()` : undefined
    }
    case 'MemberExpression': {
      const object = identifier(node.object)
      const member = `${object}.${identifier(node.property) ?? '[...]'}`
      return (object !== undefined && IMPURE_OBJECTS.has(object)) || IMPURE_MEMBERS.has(member) ? member : undefined
    }
    default:
      return undefined
  }
}

const text = (node: unknown): string | undefined => {
  const { type, value } = (node ?? {}) as Partial<Node>
  return type === 'StringLiteral' ? (value as string) : undefined
}

const identifier = (node: unknown): string | undefined => {
  const { type, value } = (node ?? {}) as Partial<Node>
  return type === 'Identifier' ? (value as string) : undefined
}
