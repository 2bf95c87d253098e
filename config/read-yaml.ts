import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml'

/** What a YAML text says, and where in it each thing stands. */
export interface YamlText {
  /** Plain data; undefined when there are problems. */
  readonly value: unknown
  readonly problems: readonly YamlProblem[]
  /** The line (from 1) of what a path leads to; where nothing stands there, of the nearest thing around it. */
  lineOf(path: readonly PropertyKey[]): number
}

export interface YamlProblem {
  readonly line: number
  readonly message: string
}

export const largestYamlBytes = 1_048_576

/** An alias may stand for much: more than this in all and the text is refused rather than blown up. */
const mostAliases = 200

/** These would reach the prototype of what is read rather than an entry of it. */
const reservedKeys = ['__proto__', 'constructor', 'prototype']

/** Reads one YAML 1.2 document. What is wrong with it (syntax, a key given twice, a tab) comes back, nothing is thrown. */
export function readYaml(text: string): YamlText {
  const bytes = Buffer.byteLength(text)
  if (bytes > largestYamlBytes) {
    return failed([{ line: 1, message: `the file has ${bytes} bytes; at most ${largestYamlBytes} are read` }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: true,
    strict: true,
  })
  const problems: YamlProblem[] = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    line: lines.linePos(pos[0]).line,
    message,
  }))
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || !reservedKeys.includes(String(key.value))) return
      problems.push({ line: lineOfNode(lines, key), message: `"${key.value}" cannot be the name of a key` })
    },
  })
  const lineOf = (path: readonly PropertyKey[]) => lineOfNode(lines, nodeAt(document.contents, path, document))
  if (problems.length > 0) return { value: undefined, problems, lineOf }
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), problems, lineOf }
  } catch (error) {
    return { value: undefined, problems: [{ line: 1, message: (error as Error).message }], lineOf }
  }
}

function failed(problems: YamlProblem[]): YamlText {
  return { value: undefined, problems, lineOf: () => 1 }
}

type Document = ReturnType<typeof parseDocument>

/** The node of a path: of a mapping's entry its key, for the key is what a person looks for. */
function nodeAt(contents: unknown, path: readonly PropertyKey[], document: Document): unknown {
  let here = contents
  let nearest = contents
  for (const part of path) {
    const inside = isAlias(here) ? here.resolve(document) : here
    if (isMap(inside)) {
      const pair = inside.items.find(
        item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (pair === undefined) break
      nearest = pair.key
      here = pair.value
    } else if (isSeq(inside)) {
      const item = inside.items[Number(part)]
      if (item === undefined) break
      nearest = item
      here = item
    } else break
  }
  return nearest
}

function lineOfNode(lines: LineCounter, node: unknown): number {
  const start = (node as Node | null)?.range?.[0]
  return start === undefined ? 1 : Math.max(1, lines.linePos(start).line)
}
