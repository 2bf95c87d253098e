import assert from 'node:assert/strict'
import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import { searchAttributeTypes } from '../../domain/search-attributes.ts'
import { registerSearchAttributes } from '../../worker/register-search-attributes.ts'

const { IndexedValueType } = proto.temporal.api.enums.v1

type Attributes = Record<string, number>

describe('search attributes', () => {
  /** A server's registry, which answers as the real one does. */
  const registry = (known: Attributes) => {
    const added: string[] = []
    const operatorService = {
      listSearchAttributes: async () => ({ customAttributes: { ...known } }),
      addSearchAttributes: async ({ searchAttributes }: { searchAttributes: Attributes }) => {
        for (const [name, type] of Object.entries(searchAttributes)) {
          added.push(name)
          known[name] ??= type
        }
      },
    }
    return { client: { connection: { operatorService } } as unknown as Client, added, operatorService }
  }
  const names = Object.keys(searchAttributeTypes)

  it('[U] that are missing are registered, once', async () => {
    const { client, added } = registry({ OrderStatus: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD })
    await registerSearchAttributes(client, 'default')
    await registerSearchAttributes(client, 'default')
    assert.deepEqual(added.sort(), names.filter(name => name !== 'OrderStatus').sort())
  })

  it('[U] of the same name and another type are refused by name, although the server says OK', async () => {
    const { client } = registry({ OrderDueAt: IndexedValueType.INDEXED_VALUE_TYPE_TEXT })
    await assert.rejects(registerSearchAttributes(client, 'default'), /OrderDueAt has another type .*DATETIME/)
  })

  it('[U] that another worker has registered meanwhile are no error; any other error is', async () => {
    const { client, operatorService } = registry({})
    const add = operatorService.addSearchAttributes
    operatorService.addSearchAttributes = async request => {
      await add(request)
      throw new Error('6 ALREADY_EXISTS: Search attribute OrderStatus already exists.')
    }
    await registerSearchAttributes(client, 'default')
    const broken = registry({})
    broken.operatorService.addSearchAttributes = async () => {
      throw new Error('no permission')
    }
    await assert.rejects(registerSearchAttributes(broken.client, 'default'), /no permission/)
  })
})
