import { z } from 'zod'
import { bulkCommandSchema } from '../../domain/bulk/bulk-command.ts'
import { commandSchema } from '../../domain/core/commands/command.ts'
import { definitionSchema } from '../../domain/definition/definition-schema.ts'
import { factSchema } from '../../domain/fact.ts'
import { orderRequestSchema } from '../../domain/order/order-request.ts'
import { bulkResultSchema, bulkSchema, listedBulkSchema, newBulkSchema } from '../schemas/bulk-schemas.ts'
import { createdKeySchema, keySchema, newKeySchema } from '../schemas/key-schemas.ts'
import {
  boardSchema,
  exceptionSchema,
  exceptionWithHistorySchema,
  journalEventSchema,
  listedOrderSchema,
  taskSchema,
  whySchema,
} from '../schemas/list-schemas.ts'
import { orderBodySchema } from '../schemas/order-body-schema.ts'
import { previewSchema } from '../schemas/preview-schema.ts'
import { problemSchema } from '../schemas/problem-schema.ts'
import { checkReportSchema, processSchema, versionSchema } from '../schemas/process-schemas.ts'

export type Json = Record<string, unknown>

/** Schemas that the document names; all others stand where they are used. */
const named = z.registry<{ id: string }>()
named.add(orderRequestSchema, { id: 'OrderRequest' })
named.add(commandSchema, { id: 'Command' })
named.add(factSchema, { id: 'Fact' })
named.add(orderBodySchema, { id: 'Order' })
named.add(previewSchema, { id: 'Preview' })
named.add(listedOrderSchema, { id: 'ListedOrder' })
named.add(journalEventSchema, { id: 'Event' })
named.add(whySchema, { id: 'Why' })
named.add(taskSchema, { id: 'Task' })
named.add(exceptionSchema, { id: 'Exception' })
named.add(exceptionWithHistorySchema, { id: 'ExceptionWithHistory' })
named.add(boardSchema, { id: 'Board' })
named.add(processSchema, { id: 'Process' })
named.add(versionSchema, { id: 'Version' })
named.add(checkReportSchema, { id: 'CheckReport' })
named.add(definitionSchema, { id: 'Definition' })
named.add(newKeySchema, { id: 'NewKey' })
named.add(keySchema, { id: 'Key' })
named.add(createdKeySchema, { id: 'CreatedKey' })
named.add(bulkCommandSchema, { id: 'BulkCommand' })
named.add(newBulkSchema, { id: 'NewBulk' })
named.add(bulkSchema, { id: 'Bulk' })
named.add(listedBulkSchema, { id: 'ListedBulk' })
named.add(bulkResultSchema, { id: 'BulkResult' })
named.add(problemSchema, { id: 'Problem' })

const uri = (id: string) => `#/components/schemas/${id}`

/** `components.schemas` of the document; what several of them share (any JSON at all) stands there by itself. */
export function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(named, { uri, io: 'input', unrepresentable: 'any' })
  const { __shared, ...own } = schemas as Record<string, Json>
  const all = { ...own, ...(__shared?.$defs as Json | undefined) }
  const text = JSON.stringify(all).replaceAll(`${uri('__shared')}#/$defs/`, uri(''))
  const documented = JSON.parse(text) as Record<string, Json>
  return Object.fromEntries(Object.entries(documented).map(([id, schema]) => [id, plain(schema)]))
}

function plain({ $schema: _schema, $id: _id, ...schema }: Json): Json {
  return schema
}

/** A schema in JSON Schema; a named one by its name, also within a page of a list. */
export function schemaOf(schema: z.ZodType): Json {
  const id = named.get(schema)?.id
  if (id !== undefined) return { $ref: uri(id) }
  return withoutUnused(
    z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        const inner = named.get(zodSchema as unknown as z.ZodType)?.id
        if (inner === undefined) return
        for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key]
        jsonSchema.$ref = uri(inner)
      },
    }) as Json,
  )
}

/** What only a named schema needed is left behind where its name stands. */
function withoutUnused(schema: Json): Json {
  const { $defs, ...rest } = plain(schema)
  return $defs !== undefined && JSON.stringify(rest).includes('#/$defs/') ? { ...rest, $defs } : rest
}
