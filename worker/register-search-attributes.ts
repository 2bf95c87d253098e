import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import { searchAttributeTypes } from '../domain/search-attributes.ts'

const { IndexedValueType } = proto.temporal.api.enums.v1

const types = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
} as const

/**
 * Registers the search attributes that orders carry. The same name under another type is answered with OK by the
 * server, which then keeps the old type: so the list is compared.
 * @throws Error naming the attribute whose type is another one.
 */
export async function registerSearchAttributes(client: Client, namespace: string): Promise<void> {
  const { operatorService } = client.connection
  const known = (await operatorService.listSearchAttributes({ namespace })).customAttributes ?? {}
  const missing = Object.entries(searchAttributeTypes).filter(([name]) => known[name] === undefined)
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, types[type]]))
    try {
      await operatorService.addSearchAttributes({ namespace, searchAttributes })
    } catch (error) {
      // Another worker may have been faster.
      if (!/already exists/i.test(String(error))) throw error
    }
  }
  const registered = (await operatorService.listSearchAttributes({ namespace })).customAttributes ?? {}
  for (const [name, type] of Object.entries(searchAttributeTypes)) {
    if (registered[name] === types[type]) continue
    const found =
      registered[name] === undefined ? 'is missing' : `has another type (${IndexedValueType[registered[name]]})`
    throw new Error(`search attribute ${name} ${found} in namespace "${namespace}"; it should be ${type}`)
  }
}
