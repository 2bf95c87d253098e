import { z } from 'zod'
import { type EventType, eventData } from '../../domain/core/events/event.ts'

const head = `# Events of the journal

Generated from the schemas in \`domain/core/events/event.ts\` by \`npm run nolimbo -- table --write\`. An event is
\`{seq, at, type, actor, reason?, command?, data}\`: its place in the order's journal (from 1, without gaps), the workflow's
time, who or what did it (a person, a service, \`clock\`, \`notice\`, \`fact:<source>\`, \`call:<operation>\`, \`temporal\`),
and, on the first consequence of a command, its reason and id. Renaming a type or a field needs an upcaster.
`

/** \`docs/generated/events.md\`. */
export function eventsPage(): string {
  const sections = (Object.keys(eventData) as EventType[]).map(type => {
    const schema = z.toJSONSchema(eventData[type], { unrepresentable: 'any' }) as Schema
    return `## ${type}\n\n${sentence(schema.description)}\n\n${fields(schema)}`
  })
  return [head, ...sections].join('\n')
}

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function fields({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?'
    return `| \`${name}${optional}\` | ${typeText(schema).replaceAll('|', '\\|')} | ${schema.description ?? ''} |`
  })
  return `| field | type | |\n|---|---|---|\n${rows.join('\n')}\n`
}

function typeText(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map(typeText).join(' | ')
  if (schema.const !== undefined) return `"${schema.const}"`
  if (schema.enum !== undefined) return schema.enum.map(value => `"${value}"`).join(' | ')
  if (schema.format === 'date-time') return 'time'
  if (schema.type === 'array') return `[${schema.items === undefined ? '' : typeText(schema.items)}]`
  if (schema.properties === undefined) return schema.type ?? 'object'
  const inner = Object.entries(schema.properties).map(([name, inside]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    return `${name}${optional}: ${typeText(inside)}`
  })
  return `{ ${inner.join(', ')} }`
}
