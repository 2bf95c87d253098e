import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { checkFile } from '../../cli/check/check-file.ts'
import { loadSurroundings } from '../../config/processes.ts'
import { connectorsDescription } from '../../connectors/description.ts'
import { calendarSchema } from '../../domain/calendar/calendar-definition.ts'
import { commandSchema } from '../../domain/core/commands/command.ts'
import { definitionSchema } from '../../domain/definition/definition-schema.ts'
import { directorySchema } from '../../domain/directory.ts'
import { exceptionRulesSchema } from '../../domain/exception/exception-rules-schema.ts'
import { exceptionKinds } from '../../domain/exception/kind.ts'
import { standardFacts } from '../../domain/fact.ts'
import { channelsSchema } from '../../domain/notice/channels-schema.ts'
import { textFields } from '../../domain/notice/texts.ts'
import { searchAttributeTypes } from '../../domain/search-attributes.ts'
import { linkFlaw, markdownFiles, parseMarkdown, readMarkdown, root } from './markdown.ts'

const documents = markdownFiles()
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const source = (path: string) => readFileSync(join(root, path), 'utf8')

/** The commands that the program's own table names. */
const programCommands = [...source('cli/main.ts').matchAll(/import\('\.\/commands\/([\w-]+)\.ts'\)/g)].map(
  match => match[1]!,
)

describe('documents', () => {
  it('[U] are found, with their links, commands and tables', () => {
    assert.ok(documents.length > 10)
    assert.ok(documents.some(({ path, targets }) => path === 'README.md' && targets.length > 5))
    const { targets, anchors, commands, firstCells } = parseMarkdown(
      'x.md',
      '# A `b`, c!\n[x](y.md#z) `[no](no.md)`\n\n| `key`, `other` | `meaning` |\n\n```sh\nnpm run no-such\n```\n```text\n[no](no.md)\n```\n',
    )
    assert.deepEqual(targets, ['y.md#z'])
    assert.deepEqual(anchors, ['a-b-c'])
    assert.deepEqual(commands, ['b', '[no](no.md)', 'key', 'other', 'meaning', 'npm run no-such'])
    assert.deepEqual(firstCells, ['key', 'other'])
  })

  it('[U] link only to files and headings that exist', () => {
    const [readme] = documents.filter(({ path }) => path === 'README.md')
    assert.match(linkFlaw(readme!, 'docs/no-such.md') ?? '', /there is no docs/)
    assert.match(linkFlaw(readme!, 'TESTING.md#no-such') ?? '', /no heading/)
    nothing(documents.flatMap(document => document.targets.flatMap(target => linkFlaw(document, target) ?? [])))
  })

  it('[U] name only npm scripts that exist', () => {
    const named = (command: string) => [...command.matchAll(/\bnpm run (?:-\S+ )*([\w:-]+)/g)].map(match => match[1]!)
    assert.deepEqual(named('npm run --silent lint && npm run typecheck'), ['lint', 'typecheck'])
    nothing(
      documents.flatMap(({ path, commands }) =>
        commands.flatMap(named).flatMap(name => (Object.hasOwn(scripts, name) ? [] : `${path}: npm run ${name}`)),
      ),
    )
  })

  it('[U] name only commands of nolimbo that exist', () => {
    assert.ok(programCommands.includes('up') && programCommands.includes('check'))
    const named = (command: string) =>
      [...command.matchAll(/(?:^|npx |[|;(] *|npm run (?:--silent )?)nolimbo (?:-- )?([a-z][\w-]*)/g)].map(
        match => match[1]!,
      )
    assert.deepEqual(named('npx nolimbo check x && npm run nolimbo -- why-not'), ['check', 'why-not'])
    const exists = (name: string) =>
      name === 'help' || (programCommands.includes(name) && existsSync(join(root, `cli/commands/${name}.ts`)))
    nothing(
      documents.flatMap(({ path, commands }) =>
        commands.flatMap(named).flatMap(name => (exists(name) ? [] : `${path}: nolimbo ${name}`)),
      ),
    )
  })
})

describe('the guide', () => {
  it('[U] to operating names every environment variable, and no other', () => {
    const files = source('config/environment.ts') + source('config/auth-environment.ts')
    const known = [...files.matchAll(/^ {2,4}([A-Z][A-Z_]+):/gm)].map(match => match[1]!)
    assert.ok(known.includes('PORT') && known.includes('TEMPORAL_TLS_SERVER_NAME'))
    const variables = readMarkdown('docs/guide/operating.md').firstCells.filter(cell => /^[A-Z][A-Z_]+$/.test(cell))
    assert.deepEqual([...variables].sort(), [...new Set(known)].sort())
  })

  it('[U] to operating names every search attribute', () => {
    explained('docs/guide/operating.md', Object.keys(searchAttributeTypes))
  })

  it('[U] to a definition explains every key of a process, a calendar and a person', () => {
    const schemas = [definitionSchema, calendarSchema, directorySchema]
    explained('docs/guide/definition.md', schemas.flatMap(keysOf))
  })

  it('[U] to a definition has an example that is proven', () => {
    const surroundings = loadSurroundings(join(root, 'processes'))
    assert.deepEqual(surroundings.problems, [])
    const example = join(root, 'docs/guide/examples/gift.yaml')
    assert.equal(checkFile(example, surroundings, { from: '2026-03-02T01:00:00.000Z' }).result, 'proven')
  })

  it('[U] to a definition explains every standard fact', () => {
    explained('docs/guide/definition.md', standardFacts)
  })

  it('[U] to exceptions explains every key of their rules, and every kind', () => {
    const kinds: readonly string[] = exceptionKinds
    explained(
      'docs/guide/exceptions.md',
      keysOf(exceptionRulesSchema).filter(key => !kinds.includes(key)),
    )
    explained('docs/guide/exceptions.md', kinds)
  })

  it('[U] to connectors explains every key', () => {
    explained('docs/guide/connectors.md', keysOf(connectorsDescription))
  })

  it('[U] to notices explains every key of a channel and every field of a text', () => {
    explained('docs/guide/notices.md', [...keysOf(channelsSchema), ...textFields])
  })

  it('[U] to deciding explains every command', () => {
    explained(
      'docs/guide/deciding.md',
      commandSchema.options.map(option => option.shape.type.value),
    )
  })
})

/** Each stands in the first cell of a row of one of the document's tables. */
function explained(path: string, names: readonly string[]): void {
  assert.ok(names.length > 0)
  const { firstCells } = readMarkdown(path)
  nothing([...new Set(names)].flatMap(name => (firstCells.includes(name) ? [] : `${path}: "${name}" is not explained`)))
}

/** Every key that a schema knows, at any depth. */
function keysOf(schema: z.ZodType): string[] {
  const keys = (node: unknown): string[] => {
    if (typeof node !== 'object' || node === null) return []
    const { properties } = node as { properties?: Record<string, unknown> }
    return [...Object.keys(properties ?? {}), ...Object.values(node).flatMap(keys)]
  }
  const found = keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return [...new Set(found)]
}

function nothing(wrongs: readonly string[]): void {
  assert.ok(wrongs.length === 0, `\n${wrongs.join('\n')}`)
}
