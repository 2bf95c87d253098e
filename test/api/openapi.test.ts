import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import { z } from 'zod'
import { listedOrderSchema, whySchema } from '../../api/schemas/list-schemas.ts'
import { orderBodySchema } from '../../api/schemas/order-body-schema.ts'
import { type RunningApi, runApi } from './running-api.ts'

// biome-ignore lint/suspicious/noExplicitAny: the document is looked into freely
type Document = any

describe('/openapi.json', () => {
  let api: RunningApi
  let document: Document
  before(async () => {
    api = await runApi()
    const { status, body } = await api.get('/openapi.json', { headers: { Authorization: '' } })
    assert.equal(status, 200)
    document = body
  })
  after(() => api.close())

  it('[I] is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(document))
    assert.ok(valid, JSON.stringify(errors, null, 1))
    assert.equal(validator.version, '3.1')
    const broken = structuredClone(document)
    broken.paths['/api/orders'].post.responses = []
    assert.equal((await new Validator().validate(broken)).valid, false, 'the validator finds nothing')
  })

  it('[I] has every route, with the problems that it may answer with', () => {
    for (const { method, path } of api.routes) {
      const operation = document.paths[path]?.[method]
      assert.ok(operation?.summary, `${method} ${path}`)
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
        assert.ok(operation.parameters.some((one: Document) => one.in === 'path' && one.name === name && one.required))
      }
      if (path.startsWith('/api/')) assert.ok(operation.responses['401'], path)
    }
    const count = Object.values(document.paths as Record<string, object>).flatMap(Object.keys).length
    assert.equal(count, api.routes.length)
    const { responses } = document.paths['/api/orders/{orderNo}/commands'].post
    assert.match(responses['409'].description, /`stale`.*`closed`.*`not_applicable`/)
    assert.ok(responses['409'].content['application/problem+json'])
    const ids = api.routes.map(({ method, path }) => document.paths[path][method].operationId)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('[I] refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
    assert.ok(references.length > 20)
    for (const reference of references) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce((here: Document, part) => here?.[part], document)
      assert.ok(reference.startsWith('#/') && found, reference)
    }
  })

  it('[I] says what a request may look like', () => {
    const { OrderRequest, Command } = document.components.schemas
    assert.deepEqual(OrderRequest.required, ['orderNo', 'customer', 'currency', 'lines'])
    assert.equal(OrderRequest.additionalProperties, false)
    const types = Command.oneOf.map((one: Document) => one.properties.type.const)
    assert.ok(types.includes('approve') && types.includes('send_back'))
    const { parameters } = document.paths['/api/orders'].get
    assert.ok(parameters.some(({ name }: Document) => name === 'status'))
    assert.deepEqual(document.paths['/healthz'].get.security, [])
  })

  it('[I] says what the answers really look like', async () => {
    const orderNo = await api.place('20000.00')
    await api.post(`/api/orders/${orderNo}/commands`, { type: 'hold', reason: 'asked' }, { as: 'he' })
    await api.post(`/api/orders/${orderNo}/facts`, {
      id: '1',
      source: 's',
      type: 'stock.short',
      at: '2026-03-02T02:00:00Z',
    })
    const order = (await api.get(`/api/orders/${orderNo}`, { as: 'he' })).body
    assert.ok(order.holds.length > 0 && order.reviews.length > 0 && order.availableCommands.length > 0)
    assert.deepEqual(strict(orderBodySchema).parse(order), order)
    const reasons = (await api.get(`/api/orders/${orderNo}/why`)).body
    assert.ok(reasons.can.length > 0)
    assert.deepEqual(strict(whySchema).parse(reasons), reasons)
    const [listed] = (await api.get('/api/orders')).body.items
    assert.deepEqual(strict(listedOrderSchema).parse(listed), listed)
    assert.throws(() => strict(listedOrderSchema).parse({ ...listed, more: 1 }))
  })
})

/** A field that the document does not tell of is a mistake here. */
function strict<T extends z.ZodObject>(schema: T): T {
  return z.strictObject(schema.shape) as unknown as T
}
