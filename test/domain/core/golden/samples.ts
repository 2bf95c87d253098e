import { z } from 'zod'
import { showcase } from '../../../../domain/behaviour/showcase.ts'
import { type EventType, eventData } from '../../../../domain/core/events/event.ts'
import { fullCalendar, fullCommand, fullOrder } from './full.ts'

/** What the schemas leave to the types, and the names of what the golden state has. */
const known: Readonly<Record<string, unknown>> = {
  order: fullOrder,
  snapshot: fullCalendar,
  definition: showcase,
  command: fullCommand,
  step: 'signing',
}

export interface GoldenEvent {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: string
  readonly reason: string
  readonly command: string
  readonly data: unknown
}

/** Of each type of today: one with every field, and one more for each further value that a field may have. */
export function sampleEvents(): readonly GoldenEvent[] {
  return (Object.keys(eventData) as EventType[]).flatMap(type => {
    const schema = z.toJSONSchema(eventData[type], { unrepresentable: 'any' }) as Schema
    return samples(schema, '').map(data => ({
      seq: 41,
      at: '2026-03-02T02:00:00.000Z',
      type,
      actor: 'he',
      reason: 'because',
      command: 'command-2',
      data,
    }))
  })
}

interface Schema {
  readonly type?: string
  readonly format?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
}

/** The first has everything that the schema knows. */
function samples(schema: Schema, name: string): readonly unknown[] {
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum !== undefined) return schema.enum
  const options = schema.oneOf ?? schema.anyOf
  if (options !== undefined) return options.flatMap(option => samples(option, name))
  switch (schema.type) {
    case 'object':
      return objects(schema)
    case 'array':
      return samples(schema.items ?? {}, '').map(item => [item])
    case 'string':
      return [schema.format === 'date-time' ? '2026-03-02T01:00:00.000Z' : (known[name] ?? name)]
    case 'integer':
    case 'number':
      return [1]
    case 'boolean':
      return [true]
    case 'null':
      return [null]
    default:
      return [known[name] ?? { any: 'thing' }]
  }
}

function objects({ properties = {}, additionalProperties }: Schema): readonly unknown[] {
  const further =
    typeof additionalProperties === 'object' ? { further: samples(additionalProperties, 'further')[0] } : {}
  const each = Object.entries(properties).map(([name, schema]) => [name, samples(schema, name)] as const)
  const first = { ...Object.fromEntries(each.map(([name, values]) => [name, values[0]])), ...further }
  return [first, ...each.flatMap(([name, [, ...others]]) => others.map(value => ({ ...first, [name]: value })))]
}
